"""Leads, the calls that were made to reach them, and what the agent did in those."""

from leads.models.call import Call, CallQuerySet, CallStatus
from leads.models.conversation import Booking, BookingStatus, ToolCall
from leads.models.idempotent_request import IdempotentRequest
from leads.models.lead import Lead, LeadQuerySet, LeadStatus

__all__ = [
    "Booking",
    "BookingStatus",
    "Call",
    "CallQuerySet",
    "CallStatus",
    "IdempotentRequest",
    "Lead",
    "LeadQuerySet",
    "LeadStatus",
    "ToolCall",
]
