"""Why a lead stands where it stands, in plain words: for pages, mails and channels."""

from leads.models import StatusReason

REASONS = {
    StatusReason.AGENT_ESCALATED: "The agent asked for a person.",
    StatusReason.BOOKING_UNCERTAIN: "An appointment may be booked: Cal.com did not confirm it.",
    StatusReason.BOOKING_FAILED: "The appointment could not be booked.",
    StatusReason.APPOINTMENT_CANCELLED: "The appointment was cancelled.",
    StatusReason.APPOINTMENT_REJECTED: "The host did not confirm the appointment.",
    StatusReason.APPOINTMENT_TO_MOVE: "The host asked for another time.",
    StatusReason.NO_SHOW: "The appointment was missed.",
    StatusReason.CALENDAR_REFUSED: "Cal.com refused to give times.",
    StatusReason.CALENDAR_NOT_CONNECTED: "An appointment is wanted, and no calendar is connected.",
    StatusReason.CALL_UNCONFIRMED: "Nobody knows whether the call was placed.",
    StatusReason.CALL_UNTOLD: "Nobody told how the call went.",
    StatusReason.TRANSFERRED: "Put through to a person: nobody knows whether one answered.",
    StatusReason.TRANSFER_FAILED: "The transfer to a person failed.",
    StatusReason.MESSAGE_NOT_DELIVERED: "A message did not arrive.",
    StatusReason.AGENT_FAILED: "The agent could not answer what the lead wrote.",
    StatusReason.UNREADABLE_MESSAGES: "The lead sends what only a person can read or hear.",
    StatusReason.TAKEN_OVER: "Taken over from the agent.",
}
ANY_REASON = "A person is needed."


def why_needed(reason: str) -> str:
    """Return why a person is needed for a lead whose status has a reason."""
    return REASONS[StatusReason(reason)] if reason in REASONS else ANY_REASON
