"""What calls came to, for people: the few words by which leads are looked for, and when a lead was
called and reached first.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from coachbot.providers.vapi.ended_reasons import classify
from coachbot.providers.vapi.endings import Ending
from leads.calls import progress
from leads.models import Call, CallStatus, Direction, LastOutcome, Lead

# Endings that are not here are faults: of the account, of Vapi, or ours.
OF_ENDINGS = {
    Ending.PERSON: LastOutcome.NO_ANSWER,  # picked up, and no word: a mailbox, or a screen of calls
    Ending.TRANSFERRED: LastOutcome.TALKED,
    Ending.TRANSFER_FAILED: LastOutcome.TALKED,
    Ending.VOICEMAIL: LastOutcome.VOICEMAIL,
    Ending.NO_ANSWER: LastOutcome.NO_ANSWER,
    Ending.SILENCE: LastOutcome.NO_ANSWER,
    Ending.BUSY: LastOutcome.BUSY,
    Ending.BAD_NUMBER: LastOutcome.BAD_NUMBER,
}


def outcome_of(call: Call) -> LastOutcome:
    """Return what a call that is over came to."""
    if progress.was_reached(call):
        return LastOutcome.TALKED
    return OF_ENDINGS.get(classify(call.ended_reason), LastOutcome.FAILED)


def note_latest(lead: Lead) -> None:
    """Write what the latest call to a lead that is over came to. In the transaction that ends it,
    with the lead locked.
    """
    ended = lead.calls.filter(status=CallStatus.ENDED).defer("transcript", "turns", "summary")
    latest = ended.order_by("-created_at").first()
    if latest is not None:
        Lead.objects.filter(pk=lead.pk).update(
            last_outcome=outcome_of(latest), last_active_at=timezone.now()
        )


def note_contact(lead: Lead) -> None:
    """Write when a lead was called and reached first, as its calls tell it now. With it locked.

    What is told of a call later can change both, also to none.
    """
    calls = list(lead.calls.defer("transcript", "turns", "summary").order_by("created_at"))
    contact, reached = first_contact(calls), first_reached(calls)
    if (lead.first_contact_at, lead.reached_at) != (contact, reached):
        lead.first_contact_at, lead.reached_at = contact, reached
        Lead.objects.filter(pk=lead.pk).update(first_contact_at=contact, reached_at=reached)


def first_contact(calls: Iterable[Call]) -> datetime | None:
    """Return when the first attempt was begun that rang, None where none did. calls: oldest first.

    That a phone rings is no message of Vapi's. So it is the moment when Vapi took the call, a
    second or two before; a call that rang is known by its end, or by being picked up.
    """
    ours = (call for call in calls if call.direction == Direction.OUTBOUND)
    rang = (call for call in ours if call.used_budget or progress.was_reached(call))
    return next((call.dialed_at or call.created_at for call in rang), None)


def first_reached(calls: Iterable[Call]) -> datetime | None:
    """Return when the lead was talked to first, whoever rang; None where it never was."""
    talked = (call for call in calls if progress.was_reached(call))
    return next((call.started_at or call.created_at for call in talked), None)
