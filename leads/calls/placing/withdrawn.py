"""Undoing a call that was not placed: it goes, and its lead with it where that was never accepted.

What a person submitted whose lead is withdrawn is kept; leads.intake.refused reads it.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from leads.contact import gate
from leads.contact.planned import follow_up
from leads.models import Call, Lead, RefusedSubmission

# What a lead and a refused submission have in common, by the names of both.
SUBMITTED = (
    *("name", "email", "goal", "metadata", "form_responses", "form_questions", "form_wordings"),
    *("consent_at", "consent_source", "consent_address", "consent_evidence"),
    *("came_by", "request_id"),
)


@transaction.atomic(durable=True)
def withdraw(call: Call, error_code: str) -> bool:
    """Remove a call that was not placed, and its lead too if that was never accepted; a step that
    it was made by is planned again.

    What such a lead submitted is kept as a refused submission. error_code: why it was not placed.
    Return whether it was still dialing; a confirmed call stays.
    """
    # Locked, so that an event which confirms the call comes either before or too late.
    lead = Lead.objects.select_for_update().filter(pk=call.lead_id).first()
    row = Call.objects.dialing().select_for_update().filter(pk=call.pk).first()
    if row is None:
        return False
    follow_up.after_refusal(row, error_code)
    row.delete()
    if lead and lead.accepted_at is None:
        keep(lead, error_code)
        lead.delete()
    gate.give_place_back(row.workspace_id, row.created_at)
    return True


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
