"""Addresses that other people's forms post to, and what arrived there last."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from coachbot.visible import check_one_line
from workspaces.models import User, Workspace

# A form's own name of a field. Longer ones arrive as answers, and cannot be chosen.
LONGEST_FIELD = 200
LONGEST_WORDING = 2_000
LONGEST_REASON = 500
MOST_ARRIVALS = 5
# In place of the name of a field: the one that the tool usually has for it.
USUAL = "*"


class FormTool(models.TextChoices):
    """What made the form: how its fields are usually named."""

    CONTACT_FORM_7 = "contact_form_7", "Contact Form 7"
    GRAVITY = "gravity", "Gravity Forms"
    ELEMENTOR = "elementor", "Elementor"
    TYPEFORM = "typeform", "Typeform"
    ZAPIER_MAKE = "zapier_make", "Zapier or Make"
    OTHER = "other", "Another tool"


class IntakeFault(models.TextChoices):
    """What about a body that was not taken in may be wrong with the mapping."""

    FIELD_MISSING = "field_missing", "A field that is needed did not arrive"
    CONSENT_MISSING = "consent_missing", "The field of consent did not arrive"
    UNREADABLE = "unreadable", "What stands in the chosen fields cannot be used"


class ConsentRule(models.TextChoices):
    """How it is known that a person agreed to be contacted."""

    FIELD = "field", "A field of the form is ticked"
    FORM = "form", "The form cannot be sent without consent"


class IntakeAddress(models.Model):
    """The address of one form, with the fields of it that make a lead.

    The token is the whole secret: whoever has it can submit leads. It is kept sealed, to be shown
    again, and as a SHA-256, to be found: of 128 random bits nobody can try all.

    A `*_field` names a field of the form; empty: it has none; USUAL: as the tool usually names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="intake_addresses")
    name = models.CharField(max_length=120, validators=[check_one_line])
    tool = models.CharField(max_length=24, choices=FormTool.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    token_sealed = models.TextField()
    # The token before this one, which goes on working until then: to be replaced in the form.
    old_token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    old_token_until = models.DateTimeField(null=True, blank=True)
    name_field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    last_name_field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    phone_field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    email_field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    goal_field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    # Names of fields that are not kept.
    left_out = models.JSONField(default=list, blank=True)
    # How many bodies have arrived; the last of them in `arrivals`.
    arrived = models.PositiveIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True, blank=True)
    # What has gone wrong since a lead last came of a body, or the mapping was changed.
    fault = models.CharField(max_length=24, choices=IntakeFault.choices, blank=True)
    fault_count = models.PositiveIntegerField(default=0)
    fault_since = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="intake_address_name_given"),
            models.CheckConstraint(
                condition=Q(tool__in=FormTool.values), name="intake_address_tool_known"
            ),
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"),
                name="intake_address_digest_form",
            ),
            models.CheckConstraint(
                condition=Q(old_token_digest=None, old_token_until=None)
                | Q(old_token_digest__isnull=False, old_token_until__isnull=False),
                name="intake_address_old_token_ends",
            ),
            models.CheckConstraint(
                condition=Q(fault="", fault_count=0, fault_since=None)
                | Q(
                    fault__in=IntakeFault.values,
                    fault_count__gt=0,
                    fault_since__isnull=False,
                ),
                name="intake_address_fault_known",
            ),
        ]

    def __str__(self):
        return f"intake address {self.id}"

    @property
    def prefix(self) -> str:
        """Return what stands for the address in the log."""
        return str(self.id)[:8]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class IntakeConsent(models.Model):
    """How it is known at an address that people agreed, from a moment on. It never changes: the
    leads that came of it name it as the evidence.

    field: whose tick it is, USUAL for what the tool usually calls it. ticked: what it holds then;
    empty: a word for yes.
    """

    address = models.ForeignKey(IntakeAddress, models.CASCADE, related_name="consents")
    rule = models.CharField(max_length=8, choices=ConsentRule.choices)
    field = models.CharField(max_length=LONGEST_FIELD, blank=True)
    ticked = models.CharField(max_length=LONGEST_FIELD, blank=True)
    wording = models.TextField(max_length=LONGEST_WORDING, blank=True)
    # Who said so; a member may leave, and the evidence stays.
    said_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rule=ConsentRule.FIELD) | (Q(rule=ConsentRule.FORM) & ~Q(wording="")),
                name="intake_consent_has_wording",
            ),
        ]

    def __str__(self):
        return f"consent {self.pk} of intake address {self.address_id}"


class ArrivedBody(models.Model):
    """One of the last bodies that arrived at an address, masked as the log is.

    place: counts round from 0, which bounds how many are kept. answers: of each its path, its
    label, its kind and its text. lead_id is no foreign key: a lead may have been withdrawn.
    """

    address = models.ForeignKey(
        IntakeAddress, models.CASCADE, related_name="arrivals", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=list)
    status_code = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    lead_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    arrived_at = models.DateTimeField()

    # What arrivals.latest() puts on it for a page.
    has_lead: bool
    read: Any

    class Meta:
        indexes = [models.Index(fields=["arrived_at"], name="arrived_body_age")]
        constraints = [
            models.UniqueConstraint(fields=["address", "place"], name="arrived_body_place_unique"),
            models.CheckConstraint(
                condition=Q(place__lt=MOST_ARRIVALS), name="arrived_body_bounded"
            ),
        ]

    def __str__(self):
        return f"body {self.place} of intake address {self.address_id}"

    @property
    def is_taken_in(self) -> bool:
        return self.status_code < 400
