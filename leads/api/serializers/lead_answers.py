"""What GET tells of a lead, its latest call, its follow-up and its conversation: described.

leads.snapshot.body writes it, as events tell the same.
"""

from rest_framework import serializers

from leads.api.serializers.fields import (
    CallStatusField,
    KnownField,
    MetadataField,
    TrueField,
)
from leads.models import HeldBecause, LeadStatus
from leads.snapshot import body
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
    qualificationNotes = KnownField(help_text="What the agent noted.")
    bookingUid = KnownField(help_text="Cal.com's id of the booking.")
    bookingStart = serializers.DateTimeField(
        allow_null=True, help_text="When the booked appointment starts."
    )
    metadata = MetadataField(help_text="As sent, without empty values.")
    createdAt = serializers.DateTimeField(help_text="When the lead came in.")
    updatedAt = serializers.DateTimeField(help_text="When anything of it last changed.")

    def to_representation(self, lead):
        return body.of_lead(lead)


class VoiceCallSerializer(serializers.Serializer):
    status = CallStatusField()
    startedAt = serializers.DateTimeField(allow_null=True, help_text="When it was picked up.")
    endedAt = serializers.DateTimeField(allow_null=True, help_text="When it was over.")
    durationSeconds = serializers.IntegerField(min_value=0, allow_null=True)
    summary = KnownField(help_text="What was said, in short.")
    transcript = KnownField(help_text="What was said, line by line.")
    recordingUrl = KnownField(
        help_text="Where the recording is. Send the API key, and follow the redirect.",
    )
    endedReason = KnownField(help_text="Vapi's word for why it ended.")


class FollowUpSerializer(serializers.Serializer):
    attemptsMade = serializers.IntegerField(
        min_value=0,
        help_text="Calls that rang or were picked up; in WhatsApp, templates that were sent.",
    )
    attemptsPlanned = serializers.IntegerField(
        min_value=1, help_text="All of them, the first included."
    )
    nextAttemptAt = serializers.DateTimeField(
        allow_null=True,
        help_text="When, or at the earliest where it is held; null where that is not known.",
    )
    heldBecause = serializers.ChoiceField(
        [code.value for code in HeldBecause],
        allow_null=True,
        help_text="Why the lead is not contacted now.",
    )


class ConversationSerializer(serializers.Serializer):
    messageCount = serializers.IntegerField(min_value=0, help_text="Of both directions.")
    lastInboundAt = serializers.DateTimeField(
        allow_null=True, help_text="When the lead wrote last."
    )
    lastOutboundAt = serializers.DateTimeField(
        allow_null=True, help_text="When it was written to last."
    )
    windowOpenUntil = serializers.DateTimeField(
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
        allow_null=True, help_text="The latest call; null where there is none."
    )
    followUp = FollowUpSerializer(
        allow_null=True,
        help_text="Further attempts; null where the first contact is made and none are planned.",
    )
    conversation = ConversationSerializer(
        allow_null=True, help_text="In a WhatsApp workspace; null in a voice workspace."
    )


def lead_json(found: Inquiry) -> dict:
    """Return the body of GET /api/public/leads/<id>, as LeadAnswerSerializer describes it."""
    return {"ok": True, **body.of(found)}
