"""What calls came to, for people: the few words by which leads are looked for."""

from django.utils import timezone

from coachbot.providers.vapi.ended_reasons import classify
from coachbot.providers.vapi.endings import Ending
from leads.calls import progress
from leads.models import Call, CallStatus, LastOutcome, Lead

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
