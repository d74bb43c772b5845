"""Who is told of what: what happened, who wants to know of it, and what each was told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from workspaces.models.member import Membership
from workspaces.models.workspace import Workspace


class NoticeKind(models.TextChoices):
    """What people are told of, in the order in which it is said."""

    NEEDS_HUMAN = "needs_human", "A lead needs a person"
    BOOKED = "booked", "An appointment is booked"
    BOOKING_MOVED = "booking_moved", "An appointment is moved"
    WROTE_AGAIN = "wrote_again", "A lead writes again"
    UNREACHED = "unreached", "A lead was not reached"
    AGENT_TROUBLE = "agent_trouble", "The agent is in trouble"
    ENDPOINT_OFF = "endpoint_off", "An address is switched off"
    LIMIT_NEAR = "limit_near", "80 % of a limit is used"


class NoticeWay(models.TextChoices):
    """How somebody is told."""

    MAIL = "mail", "Mail at once"
    DIGEST = "digest", "Morning mail"
    HOOK = "hook", "Channel"


KIND = f"({'|'.join(NoticeKind.values)})"
KINDS = rf"^({KIND}(,{KIND})*)?$"
LONGEST_KINDS = 200
LONGEST_TEXT = 300


def _known_kinds(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": KINDS}), name=name)


class Notice(models.Model):
    """Something that people are told of. Only notices.recording writes it, once for each state.

    `text` is one clean line without a number or a transcript; `path` is where more of it is, below
    the workspace's address. `lead_id` is no foreign key: erasing a lead forgets its notices.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    # What is told of, such as a lead and when it came to stand where it stands.
    state = models.CharField(max_length=160)
    text = models.CharField(max_length=LONGEST_TEXT)
    path = models.CharField(max_length=120, blank=True)
    lead_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When it was worked out who wants to know.
    spread_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(spread_at=None), name="notice_to_spread"),
            models.Index(
                fields=["workspace", "lead_id"],
                condition=Q(lead_id__isnull=False),
                name="notice_of_lead",
            ),
            # The deletion of old ones.
            models.Index(fields=["created_at"], name="notice_created"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "state"], name="notice_told_once_of_a_state"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.workspace}"


class NoticeReader(models.Model):
    """What a member wants to know and how, and when they were told last.

    While `is_default` holds, their role says what they are told.
    """

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="notice_reader")
    is_default = models.BooleanField(default=True)
    # Kinds with commas between.
    by_mail = models.CharField(max_length=LONGEST_KINDS, blank=True)
    in_digest = models.CharField(max_length=LONGEST_KINDS, blank=True)
    # In the workspace's zone; and the last day of that zone whose digest was done.
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_on = models.DateField()
    # Until then no other mail goes out, and how many went out one upon the other.
    quiet_until = models.DateTimeField(null=True, blank=True)
    in_row = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            _known_kinds("by_mail", "notice_reader_mail_kinds"),
            _known_kinds("in_digest", "notice_reader_digest_kinds"),
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23), name="notice_reader_hour_of_a_day"
            ),
        ]
        indexes = [models.Index(fields=["digest_on"], name="notice_reader_digest")]

    def __str__(self):
        return f"what {self.membership} is told"


class NoticeHook(models.Model):
    """The channel that a workspace's notices go to. Its address is a secret, so it is sealed.

    One message in a channel is for all who are in it, so its kinds belong to the workspace.
    """

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="notice_hook")
    sealed = models.TextField()
    # Of the address, to know it by.
    host = models.CharField(max_length=255)
    kinds = models.CharField(max_length=LONGEST_KINDS, blank=True)
    # Since when it takes nothing, and what it said last: a code of notices.posting.
    failing_since = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField(default=0)
    # Nothing is sent there any more.
    off_at = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    in_row = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [_known_kinds("kinds", "notice_hook_kinds")]

    def __str__(self):
        return f"channel of {self.workspace} at {self.host}"

    @property
    def is_on(self) -> bool:
        return self.off_at is None


class TellingQuerySet(models.QuerySet):
    """Named reads over tellings."""

    def waiting(self):
        return self.filter(told_at=None)


class Telling(models.Model):
    """That one reader, or the channel, is told of one notice by one way: once, by constraints."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="tellings", db_index=False)
    way = models.CharField(max_length=8, choices=NoticeWay.choices)
    reader = models.ForeignKey(
        NoticeReader, models.CASCADE, null=True, related_name="tellings", db_index=False
    )
    hook = models.ForeignKey(
        NoticeHook, models.CASCADE, null=True, related_name="tellings", db_index=False
    )
    told_at = models.DateTimeField(null=True, blank=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["reader", "way"], name="telling_of_reader"),
            models.Index(fields=["hook"], name="telling_of_hook"),
            models.Index(fields=["way"], condition=Q(told_at=None), name="telling_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "reader", "way"],
                condition=Q(reader__isnull=False),
                name="telling_once_by_a_way",
            ),
            models.UniqueConstraint(
                fields=["notice", "hook"],
                condition=Q(hook__isnull=False),
                name="telling_once_in_a_channel",
            ),
            models.CheckConstraint(
                condition=Q(way="hook", reader=None, hook__isnull=False)
                | Q(way__in=["mail", "digest"], reader__isnull=False, hook=None),
                name="telling_has_one_reader",
            ),
        ]

    def __str__(self):
        return f"{self.notice} by {self.way}"


class OpenTrouble(models.Model):
    """A trouble of the agent that people were told of, and that is not over for good yet.

    The row is what makes it one state: while it is there, nobody is told of it again.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="open_troubles", db_index=False
    )
    code = models.CharField(max_length=32)
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="open_trouble_once"),
        ]

    def __str__(self):
        return f"{self.code} of {self.workspace}"
