"""Workspaces, who belongs to them, their keys and credentials, and their log."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from coachbot.visible import check_one_line
from workspaces.models.user import User
from workspaces.settings.countries import validate_countries
from workspaces.settings.slugs import RESERVED_SLUGS, SLUG_PATTERN

__all__ = ["ApiKey", "Credential", "LogEntry", "Membership", "User", "Workspace"]


class Channel(models.TextChoices):
    """How a workspace talks to its leads."""

    VOICE = "voice"
    WHATSAPP = "whatsapp"


class WorkspaceQuerySet(models.QuerySet):
    """Named reads over workspaces."""

    def of_member(self, user):
        """Return the workspaces that a user belongs to, by name."""
        return self.filter(memberships__user=user).order_by("name", "id")


class Workspace(models.Model):
    """A business: the tenant that every other row belongs to."""

    slug = models.CharField(max_length=50, unique=True)
    name = models.CharField(max_length=120, validators=[check_one_line])
    channel = models.CharField(max_length=16, choices=Channel.choices)
    is_paused = models.BooleanField(default=False)
    # A stolen key must not run up a bill without bound.
    daily_call_limit = models.PositiveIntegerField(default=500)
    # ISO 3166 codes with commas between, such as `GB,IE`; empty means any.
    allowed_countries = models.CharField(
        max_length=400, blank=True, validators=[validate_countries]
    )
    # ISO 3166 code of phone numbers that come without one; empty means none is assumed.
    default_country = models.CharField(
        max_length=2, blank=True, default="", db_default="", validators=[validate_countries]
    )
    # Leads and log rows older than this are erased; empty means never.
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_PATTERN) & ~Q(slug__in=RESERVED_SLUGS),
                name="workspace_slug_allowed",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="workspace_name_given"),
            models.CheckConstraint(
                condition=Q(default_country__regex=r"^([A-Z]{2})?$"),
                name="workspace_default_country_form",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="workspace_channel_known"
            ),
        ]

    def __str__(self):
        return self.slug

    @property
    def is_voice(self) -> bool:
        return self.channel == Channel.VOICE


class Role(models.TextChoices):
    """What a member may do: each role may do what the ones below it may."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"

    def includes(self, role: str) -> bool:
        """Return whether this role may do what the other may."""
        ranks = list(type(self))
        return ranks.index(self) <= ranks.index(type(self)(role))


class Membership(models.Model):
    """A user's place in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_unique"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} is {self.role} of {self.workspace}"

    @property
    def is_owner(self) -> bool:
        return self.has_role(Role.OWNER)

    @property
    def is_admin(self) -> bool:
        """Return whether the member may do what an admin may; an owner may."""
        return self.has_role(Role.ADMIN)

    def has_role(self, role: str) -> bool:
        """Return whether the member may do what a role may."""
        return Role(self.role).includes(role)


class ApiKey(models.Model):
    """A key of the Public API. Of the key itself only its prefix and digest are kept.

    The row outlives its workspace, so that its holder is told `Workspace not found.`
    """

    workspace = models.ForeignKey(
        Workspace, models.SET_NULL, null=True, blank=True, related_name="api_keys"
    )
    name = models.CharField(max_length=120, validators=[check_one_line])
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^[0-9a-f]{8}$"), name="api_key_prefix_form"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="api_key_digest_form"
            ),
        ]

    def __str__(self):
        return f"ck_live_{self.prefix}…"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class CredentialKind(models.TextChoices):
    """What a credential opens."""

    VAPI = "vapi", "Vapi"
    VAPI_TOOLS = "vapi_tools", "The secret of Vapi's events and tools"
    CALCOM = "calcom", "Cal.com"


class Credential(models.Model):
    """A workspace's account at a provider, sealed. Only connections.credentials opens it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=16, choices=CredentialKind.choices)
    sealed = models.TextField()
    last_four = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="credential_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=CredentialKind.values), name="credential_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.kind} credential of {self.workspace}"


class LogKind(models.TextChoices):
    """Which boundary was crossed."""

    API_REQUEST = "api_request", "API request"
    PROVIDER_REQUEST = "provider_request", "Provider request"
    PROVIDER_EVENT = "provider_event", "Provider event"
    TOOL_CALL = "tool_call", "Tool call"
    OPERATOR_ACTION = "operator_action", "Operator action"


class Outcome(models.TextChoices):
    """How it ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"
    UNCLEAR = "unclear"


class LogEntry(models.Model):
    """One crossing of a boundary: what was sent, what came back. Written by log.record only.

    `lead_id` is no foreign key: the entry of a lead that was rolled back stays.
    """

    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="log", db_index=False)
    created_at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=LogKind.choices)
    # What was done, as a word that code goes by, such as `vapi.create_call`; `action` says it to
    # people. Empty only in rows that a process of the release before wrote.
    code = models.CharField(max_length=48, blank=True, default="", db_default="")
    action = models.CharField(max_length=120)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    lead_id = models.UUIDField(null=True, blank=True)
    # Whose data a row without a lead holds; see log.record.subject_of().
    subject = models.CharField(max_length=16, blank=True)
    error = models.TextField(blank=True)
    # What `error` means, such as `vapi.no_balance`: a code of the table that explains it.
    error_code = models.CharField(max_length=64, blank=True, default="", db_default="")
    request = models.JSONField(null=True, blank=True)
    response = models.JSONField(null=True, blank=True)

    # What log.explain puts on a row for a page.
    explanation: Any
    has_lead: bool

    class Meta:
        verbose_name_plural = "log entries"
        indexes = [
            # The logs page: newest first within a workspace, also from a date on.
            models.Index(fields=["workspace", "-created_at", "-id"], name="log_newest"),
            # ... filtered by kind. A kind may be rare, so walking the one above will not do.
            models.Index(fields=["workspace", "kind", "-created_at", "-id"], name="log_kind"),
            # ... filtered by what went wrong, which is rare. Successes are not: they are
            # found by walking log_newest, and most rows pay for one index less.
            models.Index(
                fields=["workspace", "outcome", "-created_at", "-id"],
                condition=Q(outcome__in=["failed", "refused", "unclear"]),
                name="log_trouble",
            ),
            # A lead's timeline, and its erasure.
            models.Index(fields=["workspace", "lead_id", "-id"], name="log_of_lead"),
            # Erasure of what earlier attempts left, whose leads were rolled back.
            models.Index(
                fields=["workspace", "subject"], condition=~Q(subject=""), name="log_of_subject"
            ),
            # All that one request did.
            models.Index(fields=["workspace", "request_id"], name="log_of_request"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LogKind.values), name="log_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="log_outcome_known"
            ),
        ]

    def __str__(self):
        return f"{self.action}: {self.outcome}"
