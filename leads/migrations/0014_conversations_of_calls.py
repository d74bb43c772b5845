"""What the new columns say of the rows that are there. In batches, safe to run again."""

import uuid
from datetime import UTC, datetime, time

from django.db import migrations
from django.db.models import Count
from django.utils import timezone

from coachbot.db.batches import batches

# What the notes began with when a person was needed for nothing else than the appointment.
REASONS = {
    "booking_uncertain": "An appointment may have been booked; Cal.com did not confirm it:",
    "booking_failed": "An appointment could not be booked. Call back to arrange one. Wanted:",
}


def make_conversations(apps, schema_editor):
    Call, Conversation = apps.get_model("leads", "Call"), apps.get_model("leads", "Conversation")
    for calls in batches(Call.objects.filter(conversation=None)):
        leads = {call.lead_id: call.created_at for call in calls}
        made = [
            Conversation(id=uuid.uuid4(), lead_id=lead_id, channel="voice", created_at=at)
            for lead_id, at in leads.items()
        ]
        Conversation.objects.bulk_create(made, ignore_conflicts=True)
        known = Conversation.objects.filter(lead__in=leads, channel="voice")
        by_lead = {lead_id: pk for pk, lead_id in known.values_list("pk", "lead_id")}
        for call in calls:
            call.conversation_id = by_lead[call.lead_id]
        Call.objects.bulk_update(calls, ["conversation"])


def hang_on_conversations(apps, schema_editor):
    for name in ("ToolCall", "Booking"):
        model = apps.get_model("leads", name)
        for rows in batches(model.objects.filter(conversation=None).select_related("call")):
            for row in rows:
                row.conversation_id = row.call.conversation_id
            model.objects.bulk_update(rows, ["conversation"])


def give_reasons(apps, schema_editor):
    Lead = apps.get_model("leads", "Lead")
    waiting = Lead.objects.filter(status="needs_human", status_reason="")
    for reason, beginning in REASONS.items():
        waiting.filter(qualification_notes__startswith=beginning).update(status_reason=reason)


def count_today(apps, schema_editor):
    """Count the calls of the day that is going on: limits go by it from now on."""
    Call, DailyCount = apps.get_model("leads", "Call"), apps.get_model("leads", "DailyCount")
    today = timezone.now().astimezone(UTC).date()
    calls = Call.objects.filter(created_at__gte=datetime.combine(today, time(), UTC))
    counted = calls.order_by().values_list("workspace").annotate(Count("pk"))
    DailyCount.objects.bulk_create(
        [DailyCount(workspace_id=pk, day=today, calls=calls) for pk, calls in counted],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0013_delete_conversations")]

    operations = [
        migrations.RunPython(step, migrations.RunPython.noop)
        for step in (make_conversations, hang_on_conversations, give_reasons, count_today)
    ]
