"""What GET answers of a lead, which is what events tell of it: in the words of the contract.

leads.api.serializers.lead_answers describes the same for /api/schema.
"""

from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from leads.models import Call, CallStatus, Lead
from leads.snapshot.conversations import Told
from leads.snapshot.inquiry import FollowUp, Inquiry
from workspaces.webhooks.outbox import instant


def of(found: Inquiry) -> dict[str, Any]:
    """Return all that is told of a lead."""
    return {
        "lead": of_lead(found.lead),
        "voiceCall": of_call(found.call) if found.call else None,
        "followUp": _of_follow_up(found.follow_up) if found.follow_up else None,
        "conversation": _of_conversation(found.conversation) if found.conversation else None,
    }


def of_lead(lead: Lead) -> dict[str, Any]:
    """Return the lead itself. What is not known of it is null."""
    return {
        "id": str(lead.pk),
        "channel": lead.channel,
        "name": lead.name,
        "phone": lead.phone,
        "email": lead.email or None,
        "goal": lead.goal or None,
        "status": lead.status,
        "qualificationNotes": lead.qualification_notes or None,
        "bookingUid": lead.booking_uid or None,
        "bookingStart": _moment(lead.booking_start),
        "metadata": lead.metadata,
        "createdAt": instant(lead.created_at),
        "updatedAt": instant(lead.updated_at),
    }


def of_call(call: Call) -> dict[str, Any]:
    """Return a call. One that is being placed shows as in progress."""
    is_over = call.status == CallStatus.ENDED
    return {
        "status": (CallStatus.ENDED if is_over else CallStatus.IN_PROGRESS).value,
        "startedAt": _moment(call.started_at),
        "endedAt": _moment(call.ended_at),
        "durationSeconds": call.duration_seconds,
        "summary": call.summary or None,
        "transcript": call.transcript or None,
        "recordingUrl": _recording_url(call),
        "endedReason": call.ended_reason or None,
    }


def _recording_url(call: Call) -> str | None:
    """Return where a call's recording can be heard: with us, who check who asks."""
    if not call.has_recording:
        return None
    return f"{settings.PUBLIC_BASE_URL}{_leads_url()}/{call.lead_id}/recording"


@cache  # to reverse a URL with an id in it takes as long as all else that is said of a call
def _leads_url() -> str:
    return reverse("public_leads")


def _of_follow_up(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "attemptsMade": follow_up.attempts_made,
        "attemptsPlanned": follow_up.attempts_planned,
        "nextAttemptAt": _moment(follow_up.next_attempt_at),
        "heldBecause": follow_up.held_because,
    }


def _of_conversation(conversation: Told) -> dict[str, Any]:
    return {
        "messageCount": conversation.message_count,
        "lastInboundAt": _moment(conversation.last_inbound_at),
        "lastOutboundAt": _moment(conversation.last_outbound_at),
        "windowOpenUntil": _moment(conversation.window_open_until),
        "transcript": conversation.transcript or None,
    }


def _moment(at: datetime | None) -> str | None:
    return instant(at) if at else None
