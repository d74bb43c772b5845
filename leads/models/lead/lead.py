"""A person who wrote in."""

import uuid

from django.db import models
from django.db.models import Value
from django.utils.timezone import now

from coachbot.visible import without_turning
from leads.intake import submission
from leads.models.answers import in_words
from leads.models.folding import SearchableField
from leads.models.lead.codes import (
    ClosedAs,
    HeldBecause,
    LastOutcome,
    LeadStatus,
    StatusReason,
)
from leads.models.lead.constraints import CONSTRAINTS
from leads.models.lead.indexes import INDEXES
from workspaces.models import Channel, Membership, Workspace

LONGEST_NEXT_STEP = 200


class LeadQuerySet(models.QuerySet):
    """Named reads over leads. Start from `workspace.leads`."""

    def accepted(self):
        """Return the leads that count: those whose first dispatch is not still open."""
        return self.filter(accepted_at__isnull=False)

    def without_tests(self):
        """Return the leads that figures count: not the members' own numbers."""
        return self.filter(is_test=False)

    def received_before(self, moment):
        return self.filter(created_at__lt=moment)

    def newest_first(self):
        return self.order_by("-created_at", "-id")

    def are_there(self) -> bool:
        """Return whether there is any. Looked for in an order, as PostgreSQL takes a limit without
        one for a reason to go through the table.
        """
        return bool(self.newest_first()[:1].exists())


class Lead(models.Model):
    """A person who wrote in.

    `accepted_at` is empty while the first call is being dispatched: until then the lead
    may be withdrawn again, and nobody is told that it exists.

    `status` is where it stands for callers of the API. Beside it `owner`, `next_step` and
    `closed_as` say where it stands in the hands of people; leads.operators writes them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="leads", db_index=False)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    name = models.CharField(max_length=submission.NAME.longest)
    phone = models.CharField(max_length=len("+") + submission.MOST_DIGITS)
    email = models.CharField(max_length=submission.EMAIL.longest, blank=True)
    goal = models.CharField(max_length=submission.GOAL.longest, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    form_responses = models.JSONField(default=dict, blank=True)
    # Its keys as they were sent: PostgreSQL sorts those of an object by length.
    form_questions = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True
    )
    # What was asked, by the ids of the answers, where these are no words themselves.
    form_wordings = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    status = models.CharField(max_length=16, choices=LeadStatus.choices, default=LeadStatus.NEW)
    # Empty where nothing has happened yet, and in rows of older releases.
    status_reason = models.CharField(
        max_length=32, choices=StatusReason.choices, blank=True, default="", db_default=""
    )
    # When it came to stand there; empty in rows of older releases, and of leads that never moved.
    status_at = models.DateTimeField(null=True, blank=True)
    # Who looks after the lead; nobody where that member left. Indexed below where there is one.
    owner = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="leads", db_index=False
    )
    next_step = models.CharField(
        max_length=LONGEST_NEXT_STEP, blank=True, default="", db_default=""
    )
    next_step_on = models.DateField(null=True, blank=True)
    # Empty while there is work to do.
    closed_as = models.CharField(
        max_length=16, choices=ClosedAs.choices, blank=True, default="", db_default=""
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # Which rule of the workspace kept the lead from being contacted; empty where none did.
    held_because = models.CharField(
        max_length=24, choices=HeldBecause.choices, blank=True, default="", db_default=""
    )
    # What the agent learnt: goal, email, budget, schedulePref, fitnessLevel, notes.
    profile = models.JSONField(default=dict, blank=True)
    qualification_notes = models.TextField(blank=True)
    booking_uid = models.CharField(max_length=120, blank=True)
    booking_start = models.DateTimeField(null=True, blank=True)
    # Evidence of consent: when, by which key or member, from which address.
    consent_at = models.DateTimeField()
    consent_source = models.CharField(max_length=submission.LONGEST_SOURCE, blank=True)
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    # The way: what stands for its source where the metadata names none.
    came_by = models.CharField(
        max_length=16,
        choices=submission.CameBy.choices,
        default=submission.CameBy.API,
        db_default=submission.CameBy.API,
    )
    # What a form shows of consent: its wording, which version of it, and the page it stood on.
    consent_evidence = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    request_id = models.CharField(max_length=128, blank=True)
    # Lets name and e-mail be found whatever their accents; see leads.reading.search.
    search_text = SearchableField(sources=("name", "email"))
    # A member's own number, called to see that it works: shown in lists, left out of figures.
    is_test = models.BooleanField(default=False, db_default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # The zone that came with the lead, as it was sent; contact.zones reads it.
    timezone = models.CharField(
        max_length=submission.LONGEST_ZONE, blank=True, default="", db_default=""
    )
    # When the last attempt of the plan was over, and nobody was reached.
    unreached_at = models.DateTimeField(null=True, blank=True)
    # How many events told of it: the sequence of the last one.
    events_told = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Written by calls.outcomes with the end of a call; empty where none is over yet.
    last_outcome = models.CharField(
        max_length=16, choices=LastOutcome.choices, blank=True, default="", db_default=""
    )
    # When a call was over, its status changed, or a member did something; empty where nothing has
    # happened since it came in. Apart from `updated_at`, so that accepting a lead writes no index.
    last_active_at = models.DateTimeField(null=True, blank=True)
    # When the first attempt was begun that rang, or the first message was sent that went out.
    first_contact_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When it first talked to the agent, or wrote; a status goes on, and this stays.
    reached_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        indexes = INDEXES
        constraints = CONSTRAINTS

    def __str__(self):
        return f"{self.name} ({self.id})"

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return pairs of question and answer, in the order in which they were sent."""
        return in_words(self.form_responses, self.form_questions, self.form_wordings)

    @property
    def came_through(self) -> str:
        """Return through what the lead came in, for people: an API key, or who entered it."""
        if self.consent_source.startswith(submission.INTAKE):
            return "the address of a form"
        source = self.consent_source.replace("api_key:", "API key ck_live_", 1)
        source = source.replace(submission.FORM, "your form, version ", 1)
        return source.replace(submission.DASHBOARD, "the dashboard, entered by ", 1)

    @property
    def plain_name(self) -> str:
        """Return the name for titles, labels and sentences: it cannot turn them around."""
        return without_turning(self.name)

    @property
    def needs_human(self) -> bool:
        return self.status == LeadStatus.NEEDS_HUMAN

    @property
    def is_opted_out(self) -> bool:
        return self.held_because == HeldBecause.DO_NOT_CALL

    @property
    def is_closed(self) -> bool:
        return self.closed_as != ""

    @property
    def is_with_person(self) -> bool:
        """Return whether a person looks after the lead, or did to the end: no plan goes on."""
        return self.needs_human or self.is_closed or self.owner_id is not None

    @property
    def owner_name(self) -> str:
        """Return the e-mail of the owner, "" where there is none."""
        return self.owner.user.email if self.owner else ""
