"""JSON in and out of the public endpoints. camelCase lives here and nowhere else.

/api/schema describes what stands here; what is not to be seen in a field is its help_text.
"""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from leads.api.fields import (
    CallStatusField,
    EmailField,
    FormResponsesField,
    InstantField,
    KnownField,
    MetadataField,
    NameField,
    PhoneField,
    RecordingField,
    TextField,
    TrueField,
    Written,
    ZoneField,
    read_zone_name,
)
from leads.intake.submission import (
    EMAIL,
    FEWEST_DIGITS,
    GOAL,
    LARGEST_EXTRAS,
    MOST_DIGITS,
    NAME,
    Submission,
    extras_size,
)
from leads.intake.submit import Receipt
from leads.models import CallStatus, HeldBecause, LeadStatus
from leads.reading.inquiry import Inquiry
from workspaces.models import Channel

EXTRAS_KIB = LARGEST_EXTRAS // 1024
EXTRAS_MESSAGE = f"metadata and formResponses together must stay under {EXTRAS_KIB} KiB."
BOTH_EXTRAS = (
    f"`metadata` and `formResponses` together stay under {EXTRAS_KIB} KiB when serialised."
)


class LeadSubmission(serializers.Serializer):
    """A person who asked to be called. Fields that are not listed are ignored."""

    name = NameField(
        min_length=NAME.shortest,
        max_length=NAME.longest,
        help_text=f"{NAME.shortest} to {NAME.longest} characters after trimming.",
    )
    phone = PhoneField(
        help_text="As the person wrote it; formatting is dropped. Without a country code it is one "
        f"of the workspace's default country. Stored as plus and {FEWEST_DIGITS} to {MOST_DIGITS} "
        "digits, the first not 0."
    )
    # Judged before all others, so nobody is told what else is wrong with a body without it.
    consent = TrueField(
        help_text="The literal true: the person agreed to be contacted. The moment is kept with "
        "the lead."
    )
    email = EmailField(
        max_length=EMAIL.longest,
        required=False,
        allow_null=True,
        help_text=f"An e-mail address of up to {EMAIL.longest} characters.",
    )
    goal = TextField(
        max_length=GOAL.longest,
        required=False,
        allow_null=True,
        help_text=f"What the person wants, in up to {GOAL.longest:,} characters.",
    )
    metadata = MetadataField(
        required=False,
        allow_null=True,
        help_text="Whatever you want to find again. Null and empty values are dropped. "
        f"{BOTH_EXTRAS}",
    )
    formResponses = FormResponsesField(
        required=False,
        allow_null=True,
        source="form_responses",
        help_text="Question id to answer: string, number, boolean, or a list of these. "
        f"{BOTH_EXTRAS}",
    )
    timezone = ZoneField(
        required=False,
        help_text="Where the person is, as an IANA name such as Europe/London; else that of "
        "`metadata.timezone` counts. One that cannot be read is ignored.",
    )

    def to_internal_value(self, data):
        """Check every field, and the two extras together, before complaining of any."""
        values: Any = {}
        problems: Any = {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            problems = error.detail
        if extras_size(data.get("metadata"), data.get("formResponses")) >= LARGEST_EXTRAS:
            problems["metadata"] = [*problems.get("metadata", []), EXTRAS_MESSAGE]
        if problems:
            raise serializers.ValidationError(problems)
        return values


class ReceiptSerializer(serializers.Serializer):
    """What became of the submission."""

    ok = TrueField()
    leadId = serializers.UUIDField()
    status = serializers.ChoiceField(
        [CallStatus.IN_PROGRESS.value, LeadStatus.NEW.value],
        help_text="`in_progress`: the lead is being called. `new`: it is saved.",
    )
    vapiCallId = serializers.CharField(
        required=False, help_text="Vapi's id of the call; where there is one."
    )
    callQueued = serializers.BooleanField(
        required=False, help_text="In a voice workspace: whether it is called."
    )
    messageQueued = serializers.BooleanField(
        required=False,
        help_text="In a WhatsApp workspace: whether it is written to. False until that is "
        "connected to WhatsApp.",
    )


class IntakeAnswerSerializer(serializers.Serializer):
    """A form was taken in."""

    ok = TrueField()
    leadId = serializers.UUIDField()


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


class ToolResultSerializer(serializers.Serializer):
    toolCallId = serializers.CharField(source="tool_call_id", help_text="As it was asked.")
    name = serializers.CharField(help_text="As it was asked.")
    result = serializers.CharField(
        source="text", help_text="What the assistant may say, in one line."
    )


class VapiAnswerSerializer(serializers.Serializer):
    results = ToolResultSerializer(many=True, required=False)
    result = serializers.CharField(
        required=False, help_text="The answer to the older `function-call`."
    )
    error = serializers.CharField(
        required=False,
        help_text="Why a call cannot be taken, put through or handed over, in words to say.",
    )
    assistantId = serializers.CharField(
        required=False, help_text="Who answers a call that comes in; to an `assistant-request`."
    )
    assistantOverrides = serializers.DictField(
        required=False, help_text="What the assistant is told of the lead that rings."
    )
    destination = serializers.DictField(
        required=False,
        help_text="To whom a call is passed on; to a `transfer-destination-request`.",
    )


# One of each for all requests, as they keep nothing of them: a new one would copy every field.
_submission, _answer, _tool_result = (
    LeadSubmission(),
    LeadAnswerSerializer(),
    ToolResultSerializer(),
)


def read_submission(data: dict, *, country: str) -> Submission:
    """Return a parsed body as a Submission. Null and empty mean absent.

    country: ISO 3166 code of phone numbers without one, or "".

    Raises serializers.ValidationError, whose detail issues() takes.
    """
    if isinstance(data.get("phone"), str):
        data = {**data, "phone": Written(data["phone"], country)}
    values = _submission.run_validation(data)
    phone = values.pop("phone")
    del values["consent"]  # without it there would be no Submission
    sent_along = (values.get("metadata") or {}).get("timezone")
    values["timezone"] = values.get("timezone") or read_zone_name(sent_along)
    return Submission(
        phone=phone.number,
        older_phones=phone.older_spellings,
        **{name: value for name, value in values.items() if value},
    )


def issues(errors, path: tuple = ()) -> list[dict]:
    """Return a serializer's errors as the contract's list of path and message."""
    if isinstance(errors, dict):
        # DRF's name for the body as a whole; further down it is a key like any other.
        whole = None if path else "non_field_errors"
        return [
            issue
            for name, inner in errors.items()
            for issue in issues(inner, path if name == whole else (*path, name))
        ]
    if isinstance(errors, list):
        return [issue for inner in errors for issue in issues(inner, path)]
    return [{"path": list(path), "message": str(errors)}]


def receipt_json(receipt: Receipt) -> dict:
    """Return the body of a 201, as ReceiptSerializer describes it."""
    body = {"ok": True, "leadId": str(receipt.lead_id), "status": receipt.status}
    if receipt.call_id:
        body["vapiCallId"] = receipt.call_id
    # Of an agent that is paused, both channels say the same.
    is_written_to = (
        receipt.channel == Channel.WHATSAPP and receipt.held_because != HeldBecause.PAUSED
    )
    queued = "messageQueued" if is_written_to else "callQueued"
    return {**body, queued: receipt.held_because is None}


def lead_json(found: Inquiry) -> dict:
    """Return the body of GET /api/public/leads/<id>."""
    return _answer.to_representation(found)


def tool_results_json(answers: Iterable) -> dict:
    """Return answers to tool calls as Vapi reads them: always strings, in the same order."""
    return {"results": [_tool_result.to_representation(answer) for answer in answers]}
