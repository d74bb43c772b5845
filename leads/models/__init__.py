"""Leads, the conversations with them, and what was said, done and booked there."""

from leads.models.booking import Booking, BookingStatus
from leads.models.call import Call, CallQuerySet, CallStatus
from leads.models.conversation import Conversation
from leads.models.daily_count import DailyCount
from leads.models.idempotent_request import IdempotentRequest
from leads.models.lead import HeldBecause, Lead, LeadQuerySet, LeadStatus, StatusReason
from leads.models.refused_submission import RefusedSubmission
from leads.models.tool_call import ToolCall

__all__ = [
    "Booking",
    "BookingStatus",
    "Call",
    "CallQuerySet",
    "CallStatus",
    "Conversation",
    "DailyCount",
    "HeldBecause",
    "IdempotentRequest",
    "Lead",
    "LeadQuerySet",
    "LeadStatus",
    "RefusedSubmission",
    "StatusReason",
    "ToolCall",
]
