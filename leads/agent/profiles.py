"""What the agent learnt about a lead, beside what the lead sent."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from leads.models import Lead

LONGEST_NOTES = 4_000


@transaction.atomic(durable=True)
def learn(lead_id: uuid.UUID, details: Mapping[str, str], notes: str = "") -> None:
    """Keep details, each in place of what was known before, and add notes to those there are."""
    lead = Lead.objects.select_for_update().get(pk=lead_id)
    lead.profile = {**lead.profile, **details}
    known = lead.profile.get("notes", "")
    if notes and notes not in known:
        lead.profile["notes"] = f"{known}\n{notes}".strip()[:LONGEST_NOTES]
    lead.updated_at = timezone.now()
    lead.save(update_fields=["profile", "updated_at"])
