"""JSON in and out of the public endpoints. camelCase lives here and nowhere else."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.urls import reverse
from rest_framework import serializers
from rest_framework.fields import empty

from coachbot.db.storable import UNSTORABLE
from coachbot.http.parsers import WrittenFloat
from coachbot.visible import clean_address, is_blank
from leads.intake import phones
from leads.intake.submission import Submission
from leads.intake.submit import Receipt
from leads.models import Call, CallStatus, Lead
from workspaces.models import Channel

LARGEST_EXTRAS = 16 * 1024
DEEPEST_EXTRAS = 20
LARGEST_NUMBER = 2**63
EXTRAS_MESSAGE = "metadata and formResponses together must stay under 16 KiB."
NOT_AN_ADDRESS = "Enter a valid email address."
NOT_AN_ANSWER = "Expected a string, number, boolean, or a list of these."
UNSTORABLE_MESSAGE = "Text must not contain NUL characters or lone surrogates."


class TextField(serializers.CharField):
    """A JSON string, trimmed. Numbers and booleans are not text."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class NameField(TextField):
    """A JSON string of which something can be seen."""

    def to_internal_value(self, data):
        name = super().to_internal_value(data)
        if is_blank(name):
            self.fail("blank")
        return name


class EmailField(TextField):
    """A JSON string that is an e-mail address, without what is invisible in it."""

    default_error_messages = {"invalid": NOT_AN_ADDRESS}

    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        try:
            return "" if is_blank(text) else clean_address(text)
        except DjangoValidationError as error:
            raise serializers.ValidationError(NOT_AN_ADDRESS) from error


@dataclass(frozen=True)
class Written:
    """A phone number as it was sent, and the country of one that comes without its code."""

    text: str
    country: str


class PhoneField(serializers.Field):
    """A phone number as people write it, read."""

    default_error_messages = {"null": phones.MESSAGE}

    def to_internal_value(self, data):
        if not isinstance(data, Written):
            raise serializers.ValidationError(phones.MESSAGE)
        try:
            return phones.read(data.text, country=data.country)
        except phones.BadPhone as error:
            raise serializers.ValidationError(str(error)) from error


class MetadataField(serializers.Field):
    """An object of any JSON values; null and empty-string values are dropped."""

    default_error_messages = {"invalid": "Expected an object."}

    def run_validation(self, data=empty):
        # PHP writes its empty array as a list.
        return super().run_validation(None if data in ("", []) else data)

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            self.fail("invalid")
        check_storable(data)
        return {name: value for name, value in data.items() if value not in (None, "")}

    def to_representation(self, value):
        return value


class FormResponsesField(MetadataField):
    """An object of question id to answer, which becomes text."""

    def to_internal_value(self, data):
        answers, wrong = {}, {}
        for question, answer in super().to_internal_value(data).items():
            parts = answer if isinstance(answer, list) else [answer]
            if any(isinstance(part, dict | list) for part in parts):
                wrong[question] = NOT_AN_ANSWER
            elif text := ", ".join(_answer(p) for p in parts if p is not None):
                answers[question] = text
        if wrong:
            raise serializers.ValidationError(wrong)
        return answers


def _answer(value: str | bool | int | float) -> str:
    """Return one answer as text: numbers as the JSON wrote them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.written if isinstance(value, WrittenFloat) else str(value)


def check_storable(value, depth: int = 0) -> None:
    """Raise ValidationError for JSON that a database cannot hold or nobody should send."""
    if depth > DEEPEST_EXTRAS:
        raise serializers.ValidationError(f"Must not be nested deeper than {DEEPEST_EXTRAS}.")
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise serializers.ValidationError(UNSTORABLE_MESSAGE)
    if isinstance(value, int | float) and not abs(value) < LARGEST_NUMBER:  # NaN is not, either
        raise serializers.ValidationError("Numbers must stay below 2^63.")
    if isinstance(value, dict):
        for name, item in value.items():
            check_storable(name, depth)
            check_storable(item, depth + 1)
    if isinstance(value, list):
        for item in value:
            check_storable(item, depth + 1)


def _extras_size(data: dict) -> int:
    """Return the bytes of metadata and formResponses, serialised without white space."""
    extras = [data.get("metadata") or {}, data.get("formResponses") or {}]
    text = "".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in extras)
    return len(text.encode("utf-8", "replace"))


class LeadSubmission(serializers.Serializer):
    """The body of POST /api/public/leads, without `consent`, which is judged before it."""

    name = NameField(max_length=120)
    phone = PhoneField()
    email = EmailField(max_length=254, required=False, allow_null=True, allow_blank=True)
    goal = TextField(max_length=2000, required=False, allow_null=True, allow_blank=True)
    metadata = MetadataField(required=False, allow_null=True)
    formResponses = FormResponsesField(required=False, allow_null=True, source="form_responses")

    def to_internal_value(self, data):
        """Check every field, and the two extras together, before complaining of any."""
        try:
            values, problems = super().to_internal_value(data), {}
        except serializers.ValidationError as error:
            values, problems = {}, error.detail
        if _extras_size(data) >= LARGEST_EXTRAS:
            problems["metadata"] = [*problems.get("metadata", []), EXTRAS_MESSAGE]
        if problems:
            raise serializers.ValidationError(problems)
        return values


# One for all requests, as it keeps nothing of them: a new one would copy every field.
_submission = LeadSubmission()


def read_submission(data: dict, *, country: str) -> Submission:
    """Return a parsed body as a Submission. Null and empty mean absent.

    country: ISO 3166 code of phone numbers without one, or "".

    Raises serializers.ValidationError, whose detail issues() takes.
    """
    if isinstance(data.get("phone"), str):
        data = {**data, "phone": Written(data["phone"], country)}
    values = _submission.run_validation(data)
    phone = values.pop("phone")
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
    """Return the body of a 201."""
    body = {"ok": True, "leadId": str(receipt.lead_id), "status": receipt.status}
    if receipt.call_id:
        body["vapiCallId"] = receipt.call_id
    queued = "callQueued" if receipt.channel == Channel.VOICE else "messageQueued"
    return {**body, queued: receipt.held_because is None}


def lead_json(lead: Lead, call: Call | None) -> dict:
    """Return the body of GET /api/public/leads/<id>. call: the latest one."""
    return {
        "ok": True,
        "lead": {
            "id": str(lead.pk),
            "channel": lead.channel,
            "name": lead.name,
            "phone": lead.phone,
            "email": lead.email or None,
            "goal": lead.goal or None,
            "status": lead.status,
            "qualificationNotes": lead.qualification_notes or None,
            "bookingUid": lead.booking_uid or None,
            "bookingStart": instant(lead.booking_start),
            "metadata": lead.metadata,
            "createdAt": instant(lead.created_at),
            "updatedAt": instant(lead.updated_at),
        },
        "voiceCall": call and call_json(call),
    }


def call_json(call: Call) -> dict:
    """Return `voiceCall`. A call that is being placed shows as in progress."""
    is_over = call.status == CallStatus.ENDED
    return {
        "status": CallStatus.ENDED if is_over else CallStatus.IN_PROGRESS,
        "startedAt": instant(call.started_at),
        "endedAt": instant(call.ended_at),
        "durationSeconds": call.duration_seconds,
        "summary": call.summary or None,
        "transcript": call.transcript or None,
        "recordingUrl": recording_url(call),
        "endedReason": call.ended_reason or None,
    }


def recording_url(call: Call) -> str | None:
    """Return where a call's recording can be heard: with us, who check who asks."""
    if not call.has_recording:
        return None
    return settings.PUBLIC_BASE_URL + reverse("public_recording", args=[call.lead_id])


def instant(moment) -> str | None:
    """Return a time as UTC, ISO 8601, milliseconds, `Z`."""
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
