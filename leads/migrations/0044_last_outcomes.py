"""What the latest call to each lead came to, where one is over.

That of a call whose end a process of the release before writes meanwhile is known with the next.
"""

from django.db import migrations

from coachbot.db.batches import batches
from leads.calls.outcomes import outcome_of

COLUMNS = ("lead", "status", "ended_reason", "started_at", "ended_at", "told", "created_at")


def write_outcomes(apps, schema_editor):
    Lead, Call = apps.get_model("leads", "Lead"), apps.get_model("leads", "Call")
    for some in batches(Lead.objects.filter(last_outcome="").only("pk")):
        calls = Call.objects.filter(lead__in=[lead.pk for lead in some], status="ended")
        latest = {call.lead_id: call for call in calls.only(*COLUMNS).order_by("created_at")}
        leads = [
            Lead(pk=lead, last_outcome=outcome_of(call), last_active_at=call.ended_at)
            for lead, call in latest.items()
        ]
        Lead.objects.bulk_update(leads, ["last_outcome", "last_active_at"])


class Migration(migrations.Migration):
    # Batch by batch: nobody waits for a million leads.
    atomic = False
    dependencies = [("leads", "0043_lists_of_leads")]

    operations = [migrations.RunPython(write_outcomes, migrations.RunPython.noop)]
