"""Leads, the conversations with them, and what was said, done and booked there."""

from leads.models.conversations.booking import (
    STANDING,
    Booking,
    BookingHint,
    BookingStatus,
    CalendarSweep,
)
from leads.models.conversations.call import Call, CallQuerySet, CallStatus, Direction
from leads.models.conversations.conversation import Conversation
from leads.models.conversations.message import (
    GONE_OUT,
    UNASKED,
    UNSETTLED,
    Author,
    Message,
    MessageKind,
    MessagePurpose,
    MessageStatus,
    MessageSweep,
)
from leads.models.conversations.tool_call import ToolCall
from leads.models.conversations.turn import Turn, TurnStage
from leads.models.daily_count import DailyCount
from leads.models.intake.hosted_form import FormLogo, FormVersion, HostedForm, LogoType
from leads.models.intake.idempotent_request import IdempotentRequest
from leads.models.intake.intake_address import (
    LONGEST_FIELD,
    LONGEST_REASON,
    LONGEST_WORDING,
    MOST_ARRIVALS,
    USUAL,
    ArrivedBody,
    ConsentRule,
    FormTool,
    IntakeAddress,
    IntakeConsent,
    IntakeFault,
)
from leads.models.intake.later_submission import MOST_LATER, LaterSubmission
from leads.models.intake.refused_submission import RefusedSubmission
from leads.models.lead.activity import Activity, ActivityCode
from leads.models.lead.bulk_deed import BulkChange, BulkCode, BulkDeed
from leads.models.lead.codes import ClosedAs, HeldBecause, LastOutcome, LeadStatus, StatusReason
from leads.models.lead.lead import Lead, LeadQuerySet
from leads.models.opt_out import OptOut, OptOutKey, Way
from leads.models.step import WAITING, Step, StepKind, StepState

__all__ = [
    "MessageSweep",
    "UNASKED",
    "UNSETTLED",
    "TurnStage",
    "Turn",
    "MessageStatus",
    "MessagePurpose",
    "MessageKind",
    "Message",
    "GONE_OUT",
    "Author",
    "LONGEST_FIELD",
    "LONGEST_REASON",
    "LONGEST_WORDING",
    "MOST_ARRIVALS",
    "MOST_LATER",
    "STANDING",
    "WAITING",
    "USUAL",
    "Activity",
    "ActivityCode",
    "ArrivedBody",
    "Booking",
    "BookingHint",
    "BookingStatus",
    "BulkChange",
    "BulkCode",
    "BulkDeed",
    "CalendarSweep",
    "Call",
    "CallQuerySet",
    "CallStatus",
    "ClosedAs",
    "ConsentRule",
    "Conversation",
    "DailyCount",
    "Direction",
    "FormLogo",
    "FormVersion",
    "FormTool",
    "HeldBecause",
    "HostedForm",
    "IdempotentRequest",
    "IntakeAddress",
    "IntakeConsent",
    "IntakeFault",
    "LastOutcome",
    "LaterSubmission",
    "Lead",
    "LeadQuerySet",
    "LeadStatus",
    "LogoType",
    "OptOut",
    "OptOutKey",
    "RefusedSubmission",
    "StatusReason",
    "Step",
    "StepKind",
    "StepState",
    "ToolCall",
    "Way",
]
