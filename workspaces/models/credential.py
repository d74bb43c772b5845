"""What a workspace stores about its accounts at providers."""

from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace


class CredentialKind(models.TextChoices):
    """What a credential opens."""

    VAPI = "vapi", "Vapi"
    VAPI_TOOLS = "vapi_tools", "The secret of Vapi's events and tools"
    CALCOM = "calcom", "Cal.com"
    CALCOM_EVENTS = "calcom_events", "The secret of Cal.com's webhooks"
    TWILIO = "twilio", "Twilio"
    OPENAI = "openai", "Language model"


class Verdict(models.TextChoices):
    """What its provider said of an account when it was asked last. Empty: it never was."""

    WORKS = "works", "Works"
    REFUSED = "refused", "Refused"
    UNANSWERED = "unanswered", "Could not be verified"


class Credential(models.Model):
    """A workspace's account at a provider, sealed. Only connections.credentials opens it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=16, choices=CredentialKind.choices)
    sealed = models.TextField()
    last_four = models.CharField(max_length=4, blank=True)
    # Of what is stored now: when the provider was asked, and what it said.
    verdict = models.CharField(
        max_length=16, choices=Verdict.choices, blank=True, default="", db_default=""
    )
    verdict_words = models.TextField(blank=True, default="", db_default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    # Part by part: `part`, a code of the provider's, `is_fine`, and the words. Null: not kept.
    findings = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="credential_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=CredentialKind.values), name="credential_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verified_at=None)
                | Q(verdict__in=Verdict.values, verified_at__isnull=False),
                name="credential_verdict_known",
            ),
        ]

    def __str__(self):
        return f"{self.kind} credential of {self.workspace}"
