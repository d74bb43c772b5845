"""Telling others that the provider took a call, and that a lead is accepted by it.

Where nobody wants to know, the writes of a confirmation stay the one statement that they are.
"""

from collections.abc import Sequence

from django.db import transaction

from coachbot.db.prepared import Statement, write_together
from leads import events
from leads.models import Call, Lead
from workspaces.models import EventType


def write(call: Call, writes: Sequence[Statement]) -> int:
    """Do the writes of a confirmation, and tell of what is new by them.

    writes: that of the lead, which accepts it, and that of the call. Return how many rows the
    last of them wrote. Raises django.db.DatabaseError.
    """
    if events.is_wanted(call.lead.workspace, EventType.LEAD_CREATED, EventType.CALL_STARTED):
        return _write_and_tell(call, writes)
    return write_together(*writes)


@transaction.atomic
def _write_and_tell(call: Call, writes: Sequence[Statement]) -> int:
    locked = Lead.objects.select_for_update(of=("self",)).filter(pk=call.lead_id)
    lead = locked.select_related("workspace").first()
    written = write_together(*writes)
    if lead and lead.accepted_at is None:
        events.lead_created(lead)
    if lead and written:
        events.call_started(lead, Call.objects.get(pk=call.pk))
    return written
