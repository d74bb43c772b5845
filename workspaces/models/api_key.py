"""The keys of the Public API."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coachbot.visible import check_one_line
from workspaces.models.workspace import Workspace


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
