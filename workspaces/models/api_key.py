"""The keys of the Public API."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coachbot.visible import check_one_line
from workspaces.models.workspace import Workspace


class Scope(models.TextChoices):
    """What a key may do. The words are the contract's (section 10)."""

    CREATE = "leads:create", "submit leads"
    READ = "leads:read", "read a lead by its id"
    LIST = "leads:list", "list leads"
    ERASE = "leads:erase", "erase leads"


class Preset(models.TextChoices):
    """Which scopes a key has, by what it is for."""

    FORM = "form", "Form"
    CRM = "crm", "CRM"
    FULL = "full", "Full"


SCOPES = {
    Preset.FORM: (Scope.CREATE, Scope.READ),
    Preset.CRM: (Scope.CREATE, Scope.READ, Scope.LIST),
    Preset.FULL: tuple(Scope),
}


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
    preset = models.CharField(
        max_length=8, choices=Preset.choices, default=Preset.FORM, db_default=Preset.FORM
    )
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
            models.CheckConstraint(
                condition=Q(preset__in=Preset.values), name="api_key_preset_known"
            ),
        ]

    def __str__(self):
        return f"ck_live_{self.prefix}…"

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Return what the key may do."""
        return SCOPES[Preset(self.preset)]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None
