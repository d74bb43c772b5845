"""When each lead was contacted and reached first, where that has happened.

That of a lead whose call a process of the release before ends meanwhile is known with its next one.
"""

from django.db import migrations
from django.db.models import Min, Q

from coachbot.db.batches import batches
from leads.calls.outcomes import first_contact, first_reached
from leads.messages.results.contacts import WENT_OUT

CALLS = (
    *("lead", "direction", "used_budget", "status", "ended_reason", "started_at", "dialed_at"),
    *("told", "created_at"),
)


def write_contacts(apps, schema_editor):
    Lead, Call = apps.get_model("leads", "Lead"), apps.get_model("leads", "Call")
    Message = apps.get_model("leads", "Message")
    without = Lead.objects.filter(first_contact_at=None, reached_at=None)
    for some in batches(without.only("pk")):
        ids = [lead.pk for lead in some]
        leads = [*_called(Lead, Call, ids), *_written_to(Lead, Message, ids)]
        Lead.objects.bulk_update(leads, ["first_contact_at", "reached_at"])


def _called(Lead, Call, ids):
    calls = {}
    for call in Call.objects.filter(lead__in=ids).only(*CALLS).order_by("created_at"):
        calls.setdefault(call.lead_id, []).append(call)
    for lead, of_lead in calls.items():
        contact, reached = first_contact(of_lead), first_reached(of_lead)
        yield Lead(pk=lead, first_contact_at=contact, reached_at=reached)


def _written_to(Lead, Message, ids):
    went_out = Q(status__in=WENT_OUT, sent_at__isnull=False) & ~Q(author="lead")
    messages = Message.objects.filter(conversation__lead__in=ids).order_by()
    moments = messages.values("conversation__lead").annotate(
        contact=Min("sent_at", filter=went_out),
        reached=Min("created_at", filter=Q(author="lead") & ~Q(details__has_key="word")),
    )
    for row in moments:
        yield Lead(
            pk=row["conversation__lead"],
            first_contact_at=row["contact"],
            reached_at=row["reached"],
        )


class Migration(migrations.Migration):
    # Batch by batch: nobody waits for a million leads.
    atomic = False
    dependencies = [("leads", "0045_first_contacts")]

    operations = [migrations.RunPython(write_contacts, migrations.RunPython.noop)]
