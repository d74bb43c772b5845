"""What decides about a lead, as codes: where it stands, why, and what keeps it there."""

from django.db import models


class LeadStatus(models.TextChoices):
    """Where a lead stands. The words are the contract's."""

    NEW = "new", "New"
    IN_CONVERSATION = "in_conversation", "In conversation"
    BOOKED = "booked", "Booked"
    UNQUALIFIED = "unqualified", "Unqualified"
    NEEDS_HUMAN = "needs_human", "Needs a human"


class StatusReason(models.TextChoices):
    """Why a lead stands where it stands: what leads.status goes by."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    DOES_NOT_QUALIFY = "does_not_qualify"
    APPOINTMENT_MADE = "appointment_made"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_REJECTED = "appointment_rejected"
    APPOINTMENT_TO_MOVE = "appointment_to_move"
    NO_SHOW = "no_show"
    AGENT_ESCALATED = "agent_escalated"
    BOOKING_UNCERTAIN = "booking_uncertain"
    BOOKING_FAILED = "booking_failed"
    CALENDAR_REFUSED = "calendar_refused"
    CALENDAR_NOT_CONNECTED = "calendar_not_connected"
    CALL_UNCONFIRMED = "call_unconfirmed"
    CALL_UNTOLD = "call_untold"
    TRANSFERRED = "transferred"
    TRANSFER_FAILED = "transfer_failed"
    # A message never arrived, and no other will.
    MESSAGE_NOT_DELIVERED = "message_not_delivered"
    # The agent could not answer what the lead wrote.
    AGENT_FAILED = "agent_failed"
    # The lead sends what only a person can read or hear.
    UNREADABLE_MESSAGES = "unreadable_messages"
    TAKEN_OVER = "taken_over"
    HANDED_BACK = "handed_back"


class HeldBecause(models.TextChoices):
    """Why a lead is not contacted now. The words are the contract's (section 10)."""

    PAUSED = "paused"
    COUNTRY = "country"
    DAILY_LIMIT = "daily_limit"
    NOT_CONNECTED = "not_connected"
    DO_NOT_CALL = "do_not_call"
    CALLING_HOURS = "calling_hours"
    ATTEMPTS_TODAY = "attempts_today"
    LINES_FULL = "lines_full"
    ACCOUNT_FAULT = "account_fault"
    WITH_PERSON = "with_person"
    CALLBACK_REQUESTED = "callback_requested"


class ClosedAs(models.TextChoices):
    """How the work on a lead ended, for the people who did it."""

    WON = "won", "Won"
    LOST = "lost", "Lost"
    NOT_NOW = "not_now", "Not now"


class LastOutcome(models.TextChoices):
    """What the latest call to a lead that is over came to, for people. Of an `Ending` each."""

    TALKED = "talked", "Talked"
    VOICEMAIL = "voicemail", "Voicemail"
    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    BAD_NUMBER = "bad_number", "Number does not work"
    FAILED = "failed", "Call failed"
