"""The fields of what the public endpoints take and answer, each with its schema for /api/schema."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from coachbot.db.storable import UNSTORABLE
from coachbot.http.bodies.parsers import WrittenFloat
from coachbot.visible import clean_address, is_blank
from leads.intake import phones
from leads.intake.submission import DEEPEST_EXTRAS, LARGEST_NUMBER, LONGEST_ZONE, PHONE
from leads.models import CallStatus

NOT_AN_ADDRESS = "Enter a valid email address."
NOT_AN_ANSWER = "Expected a string, number, boolean, or a list of these."
UNSTORABLE_MESSAGE = "Text must not contain NUL characters or lone surrogates."
LONG_NUMBER = f"Numbers must stay below 2^{LARGEST_NUMBER.bit_length() - 1}."


@extend_schema_field({"const": True})
class TrueField(serializers.Field):
    """The literal true, in and out."""

    default_error_messages = {"invalid": "Must be true."}

    def to_internal_value(self, data):
        if data is not True:
            self.fail("invalid")
        return True

    def get_attribute(self, instance):
        return True

    def to_representation(self, value):
        return value


def read_zone_name(value: Any) -> str:
    """Return the name of a time zone as it was sent; "" for what cannot be one."""
    if not isinstance(value, str) or UNSTORABLE.search(value):
        return ""
    return value.strip()[:LONGEST_ZONE]


# No type: what is none of these names is taken, and ignored.
@extend_schema_field({"example": "Europe/London"})
class ZoneField(serializers.Field):
    """The name of a time zone. What is none is ignored: no lead is lost by it."""

    def run_validation(self, data=empty):
        return read_zone_name(data)

    def to_representation(self, value):
        return value


class TextField(serializers.CharField):
    """A JSON string, trimmed. Numbers and booleans are not text.

    Where it may be null, empty means the same.
    """

    def run_validation(self, data=empty):
        is_absent = self.allow_null and isinstance(data, str) and not data.strip()
        return super().run_validation(None if is_absent else data)

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


@extend_schema_field({"type": "string", "format": "email"})
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


@extend_schema_field({"type": "string", "minLength": PHONE.shortest, "maxLength": PHONE.longest})
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


@extend_schema_field({"type": "object", "additionalProperties": True})
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
        raise serializers.ValidationError(LONG_NUMBER)
    if isinstance(value, dict):
        for name, item in value.items():
            check_storable(name, depth)
            check_storable(item, depth + 1)
    if isinstance(value, list):
        for item in value:
            check_storable(item, depth + 1)


class KnownField(serializers.CharField):
    """A text in an answer: null where it is not known."""

    def __init__(self, **options):
        super().__init__(allow_null=True, **options)


class CallStatusField(serializers.ChoiceField):
    """Whether a call is over. One that is being placed shows as in progress."""

    def __init__(self, **options):
        super().__init__([CallStatus.IN_PROGRESS.value, CallStatus.ENDED.value], **options)
