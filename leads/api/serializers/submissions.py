"""What a lead is taken in by: the body of a submission, in."""

from typing import Any

from rest_framework import serializers

from leads.api.serializers.fields import (
    EmailField,
    FormResponsesField,
    MetadataField,
    NameField,
    PhoneField,
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
