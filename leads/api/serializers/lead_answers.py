"""What GET tells of a lead, its latest call, its follow-up and its conversation."""

from rest_framework import serializers

from leads.api.serializers.fields import (
    CallStatusField,
    InstantField,
    KnownField,
    MetadataField,
    RecordingField,
    TrueField,
)
from leads.models import HeldBecause, LeadStatus
from leads.snapshot.inquiry import Inquiry
from workspaces.models import Channel


class LeadSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    channel = serializers.ChoiceField(Channel.choices)
    name = serializers.CharField(help_text="As sent, trimmed.")
    phone = serializers.CharField(help_text="Plus and digits.")
    email = KnownField(help_text="As sent.")
    goal = KnownField(help_text="As sent.")
    status = serializers.ChoiceField(
        LeadStatus.choices,
        help_text="`new`: nobody reached yet. `in_conversation`: the agent is talking to the lead "
        "or has. `booked`. `unqualified`: `qualificationNotes` says why. `needs_human`: the agent "
        "escalated, or a person took over.",
    )
    qualificationNotes = KnownField(source="qualification_notes", help_text="What the agent noted.")
    bookingUid = KnownField(source="booking_uid", help_text="Cal.com's id of the booking.")
    bookingStart = InstantField(
        source="booking_start", allow_null=True, help_text="When the booked appointment starts."
    )
    metadata = MetadataField(help_text="As sent, without empty values.")
    createdAt = InstantField(source="created_at", help_text="When the lead came in.")
    updatedAt = InstantField(source="updated_at", help_text="When anything of it last changed.")


class VoiceCallSerializer(serializers.Serializer):
    status = CallStatusField()
    startedAt = InstantField(
        source="started_at", allow_null=True, help_text="When it was picked up."
    )
    endedAt = InstantField(source="ended_at", allow_null=True, help_text="When it was over.")
    durationSeconds = serializers.IntegerField(
        source="duration_seconds", min_value=0, allow_null=True
    )
    summary = KnownField(help_text="What was said, in short.")
    transcript = KnownField(help_text="What was said, line by line.")
    recordingUrl = RecordingField(
        source="*",
        help_text="Where the recording is. Send the API key, and follow the redirect.",
    )
    endedReason = KnownField(source="ended_reason", help_text="Vapi's word for why it ended.")


class FollowUpSerializer(serializers.Serializer):
    attemptsMade = serializers.IntegerField(
        source="attempts_made",
        min_value=0,
        help_text="Calls that rang or were picked up; in WhatsApp, templates that were sent.",
    )
    attemptsPlanned = serializers.IntegerField(
        source="attempts_planned", min_value=1, help_text="All of them, the first included."
    )
    nextAttemptAt = InstantField(
        source="next_attempt_at",
        allow_null=True,
        help_text="When, or at the earliest where it is held; null where that is not known.",
    )
    heldBecause = serializers.ChoiceField(
        [code.value for code in HeldBecause],
        source="held_because",
        allow_null=True,
        help_text="Why the lead is not contacted now.",
    )


class ConversationSerializer(serializers.Serializer):
    messageCount = serializers.IntegerField(
        source="message_count", min_value=0, help_text="Of both directions."
    )
    lastInboundAt = InstantField(
        source="last_inbound_at", allow_null=True, help_text="When the lead wrote last."
    )
    lastOutboundAt = InstantField(
        source="last_outbound_at", allow_null=True, help_text="When it was written to last."
    )
    windowOpenUntil = InstantField(
        source="window_open_until",
        allow_null=True,
        help_text="Until when the lead can be written to freely, 24 hours after its last message "
        "less some minutes; afterwards only with a template. It may be over.",
    )
    transcript = KnownField(
        help_text="What was written, line by line: `AI: ` the agent, `User: ` the lead, `Person: ` "
        "somebody of the business. What is no text stands in brackets, such as `[voice note]`; "
        "what did not reach the lead is left out."
    )


class LeadAnswerSerializer(serializers.Serializer):
    ok = TrueField()
    lead = LeadSerializer()
    voiceCall = VoiceCallSerializer(
        source="call", allow_null=True, help_text="The latest call; null where there is none."
    )
    followUp = FollowUpSerializer(
        source="follow_up",
        allow_null=True,
        help_text="Further attempts; null where the first contact is made and none are planned.",
    )
    conversation = ConversationSerializer(
        allow_null=True, help_text="In a WhatsApp workspace; null in a voice workspace."
    )


# One for all requests, as it keeps nothing of them: a new one would copy every field.
_answer = LeadAnswerSerializer()


def lead_json(found: Inquiry) -> dict:
    """Return the body of GET /api/public/leads/<id>."""
    return _answer.to_representation(found)
