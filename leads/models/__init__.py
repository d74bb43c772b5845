"""Leads, the conversations with them, and what was said, done and booked there."""

from leads.models.booking import Booking, BookingStatus
from leads.models.call import Call, CallQuerySet, CallStatus
from leads.models.conversation import Conversation
from leads.models.daily_count import DailyCount
from leads.models.idempotent_request import IdempotentRequest
from leads.models.later_submission import MOST_LATER, LaterSubmission
from leads.models.lead import HeldBecause, Lead, LeadQuerySet, LeadStatus, StatusReason
from leads.models.tool_call import ToolCall

__all__ = [
    "MOST_LATER",
    "Booking",
    "BookingStatus",
    "Call",
    "CallQuerySet",
    "CallStatus",
    "Conversation",
    "DailyCount",
    "HeldBecause",
    "IdempotentRequest",
    "LaterSubmission",
    "Lead",
    "LeadQuerySet",
    "LeadStatus",
    "StatusReason",
    "ToolCall",
]
