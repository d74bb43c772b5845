"""A business: the tenant that every other row belongs to."""

from django.db import models
from django.db.models import Q

from coachbot.visible import check_one_line
from workspaces.settings.countries import validate_countries
from workspaces.settings.slugs import RESERVED_SLUGS, SLUG_PATTERN


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
    # Log rows older than this are erased, whatever leads are kept; empty means they are not.
    log_retention_days = models.PositiveIntegerField(null=True, blank=True, default=90)
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
