"""What became of a lead, in one sentence: what its page says first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from leads.agent.calendar import refused_notes
from leads.calls import progress
from leads.contact import gate
from leads.models import (
    UNSETTLED,
    Booking,
    BookingStatus,
    Call,
    Lead,
    LeadStatus,
    Message,
    MessageStatus,
    StatusReason,
)
from leads.reading.lead.marks import FAILED, why_of
from leads.reading.lead.timeline import MINUTE
from workspaces.models import LogEntry

FREE_NOW = "Nothing stands in the way any more: the lead can be {contacted} now."
# A person is needed, as the appointment does not stand; the notes say the rest.
OFF: dict[str, str] = {
    StatusReason.APPOINTMENT_CANCELLED: "Appointment cancelled",
    StatusReason.APPOINTMENT_REJECTED: "Appointment not confirmed",
    StatusReason.APPOINTMENT_TO_MOVE: "Appointment to be moved",
    StatusReason.NO_SHOW: "Appointment missed",
}
NO_APPOINTMENT = "No appointment was made."


@dataclass(frozen=True)
class Outcome:
    """What is said first. tone: `good`, `bad`, `open` or `plain`, for its mark."""

    title: str
    sentence: str = ""
    tone: str = "plain"


def read_outcome(
    lead: Lead, calls: Sequence[Call], entries: Sequence[LogEntry], *, may_contact: bool
) -> Outcome:
    """Return what became of a lead. calls and entries: all of the lead's, the latest first.

    may_contact: whether the lead may be called, or written to, now.
    """
    latest = calls[0] if calls else None
    if latest and not latest.is_over:
        return _going_on(latest)
    if lead.status in OF_STATUS:
        return OF_STATUS[LeadStatus(lead.status)](lead, entries)
    if latest:
        return _after(latest)
    if lead.workspace.is_whatsapp and (written := _written(lead)):
        return written
    contacted = "called" if lead.workspace.is_voice else "written to"
    if lead.held_because:
        held = gate.sentence(lead, lead.held_because)
        sentence = f"{held} {FREE_NOW.format(contacted=contacted)}" if may_contact else held
        return Outcome(f"Not {contacted} yet", sentence, "open")
    nothing = "No call was made to" if lead.workspace.is_voice else "Nothing was sent to"
    return Outcome(f"Not {contacted} yet", f"{nothing} this lead.", "open")


def _written(lead: Lead) -> Outcome | None:
    """Return how a written conversation stands; None where nothing was written yet."""
    latest = Message.objects.filter(conversation__lead=lead).in_order().last()
    if latest is None or (latest.status == MessageStatus.NOT_SENT and lead.held_because):
        return None
    if latest.status in FAILED:
        return Outcome("Not reached", why_of(latest, lead), "open")
    if latest.is_inbound:
        return Outcome("In conversation", "The lead wrote last.", "open")
    if latest.status in UNSETTLED:
        return Outcome("Being written to now", "A message is on its way.", "open")
    if lead.status == LeadStatus.IN_CONVERSATION:
        return Outcome("In conversation", "The agent wrote last.")
    if lead.unreached_at:
        return Outcome("No answer", "The lead was written to and did not answer.")
    return Outcome("Written to", "The lead has not answered yet.", "open")


def _going_on(call: Call) -> Outcome:
    if call.is_waiting_for_a_line:
        busy = "Vapi accepted the call, but all lines of the account are in use: it has not rung."
        return Outcome("Waiting for a line", busy, "open")
    if call.started_at:
        return Outcome("In conversation now", "The agent is talking to the lead.", "open")
    if call.is_inbound:
        return Outcome("The lead is ringing", "The agent is about to answer.", "open")
    return Outcome("Being called now", "The phone rings, or is about to.", "open")


def _booked(lead: Lead, entries: Sequence[LogEntry]) -> Outcome:
    booking = Booking.objects.filter(lead=lead).first()
    if booking is None:
        return Outcome("Appointment booked", tone="good")
    if booking.status == BookingStatus.REQUESTED:
        return Outcome("Appointment requested", "The host has yet to confirm it.", "open")
    if booking.former_start:
        was = date_format(localtime(booking.former_start), MINUTE)
        return Outcome("Appointment moved", f"It was to be on {was}.", "good")
    return Outcome("Appointment booked", tone="good")


def _unqualified(lead: Lead, entries: Sequence[LogEntry]) -> Outcome:
    return Outcome("Does not qualify", lead.qualification_notes)


def _needs_human(lead: Lead, entries: Sequence[LogEntry]) -> Outcome:
    if lead.status_reason == StatusReason.TAKEN_OVER:
        return Outcome("Taken over by a person", lead.qualification_notes, "open")
    notes = lead.qualification_notes
    if title := OFF.get(lead.status_reason):
        return Outcome(title, notes, "open")
    if lead.status_reason == StatusReason.CALENDAR_REFUSED:
        # Notes of older releases hold the answer word for word.
        notes = refused_notes(_refusal(entries))
    return Outcome("Needs a person", notes, "open")


def _refusal(entries: Sequence[LogEntry]) -> str:
    """Return why Cal.com refused last; "" where the log does not hold it any more."""
    codes = (entry.error_code for entry in entries if entry.code.startswith("calcom."))
    return next(filter(None, codes), "")


def _after(call: Call) -> Outcome:
    """Say how the latest call ended, where nothing came of it but that."""
    ending = call.ending
    if progress.was_reached(call):
        return Outcome(ending.title, f"{ending.sentence} {NO_APPOINTMENT}")
    if call.is_inbound:
        return Outcome("The lead rang", f"{ending.title}. {ending.sentence}", "open")
    return Outcome("Not reached", f"{ending.title}. {ending.sentence}", "open")


OF_STATUS = {
    LeadStatus.BOOKED: _booked,
    LeadStatus.UNQUALIFIED: _unqualified,
    LeadStatus.NEEDS_HUMAN: _needs_human,
}
