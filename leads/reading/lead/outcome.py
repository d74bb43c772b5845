"""What became of a lead, in one sentence: what its page says first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from leads.agent.calendar import refused_notes
from leads.calls import progress
from leads.contact import gate
from leads.models import Booking, BookingStatus, Call, Lead, LeadStatus, StatusReason
from leads.reading.lead.timeline import MINUTE
from workspaces.models import LogEntry

FREE_NOW = "Nothing stands in the way any more: the lead can be called now."
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
    lead: Lead, calls: Sequence[Call], entries: Sequence[LogEntry], *, may_call: bool
) -> Outcome:
    """Return what became of a lead. calls and entries: all of the lead's, the latest first.

    may_call: whether the lead may be called now.
    """
    latest = calls[0] if calls else None
    if latest and not latest.is_over:
        return _going_on(latest)
    if lead.status in OF_STATUS:
        return OF_STATUS[LeadStatus(lead.status)](lead, entries)
    if latest:
        return _after(latest)
    if lead.held_because:
        held = gate.sentence(lead, lead.held_because)
        sentence = f"{held} {FREE_NOW}" if may_call else held
        return Outcome("Not called yet", sentence, "open")
    return Outcome("Not called yet", "No call was made to this lead.", "open")


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
