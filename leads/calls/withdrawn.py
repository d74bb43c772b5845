"""Keeping what a person submitted whose lead is withdrawn; leads.intake.refused reads it."""

from django.db.models import F
from django.utils import timezone

from leads.models import Lead, RefusedSubmission

# What a lead and a refused submission have in common, by the names of both.
SUBMITTED = (
    *("name", "email", "goal", "metadata", "form_responses", "form_questions", "form_wordings"),
    *("consent_at", "consent_source", "consent_address", "consent_evidence"),
    *("came_by", "request_id"),
)


def keep(lead: Lead, error_code: str) -> None:
    """Keep the submission of a lead that is withdrawn, in place of an earlier one of its phone.

    error_code: why its call was refused, of the table of coachbot.providers.vapi.
    """
    submitted = {name: getattr(lead, name) for name in SUBMITTED}
    latest = {
        **submitted,
        "lead_id": lead.pk,
        "error_code": error_code,
        "refused_at": timezone.now(),
    }
    RefusedSubmission.objects.update_or_create(
        workspace_id=lead.workspace_id,
        phone=lead.phone,
        defaults={**latest, "attempts": F("attempts") + 1},
        create_defaults=latest,
    )
