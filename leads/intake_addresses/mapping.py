"""What a body at an intake address submits, by the fields that its owner chose.

It gives the fields of a submission by the API's names; whether they are right is judged where
those of the API are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.intake.submission import LARGEST_EXTRAS
from leads.intake_addresses import presets
from leads.intake_addresses.answers import Answer
from leads.models import USUAL, ConsentRule, IntakeAddress, IntakeConsent, IntakeFault

# What people's tools write for a tick, in the languages of their forms.
YES = {
    *("1", "true", "yes", "y", "on", "t", "x", "ok", "checked", "ticked", "selected"),
    *("accept", "accepted", "agree", "agreed", "consent", "consented"),
    *("i accept", "i agree", "i consent", "ja", "oui", "si", "sí"),
}
# What says where a person came from goes to the metadata, where the source of a lead is read.
CAMPAIGN = {
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
    *("gclid", "fbclid", "msclkid"),
}
LONGEST_CAMPAIGN = 200
# The rest of LARGEST_EXTRAS is for what stands around texts in JSON, and for the metadata.
LARGEST_ANSWERS = LARGEST_EXTRAS - 4 * 1024
CUT = "Not kept"


class NotSubmitted(Exception):
    """The body makes no submission. `str()` says why; fault: what may be wrong with the mapping."""

    fault: IntakeFault | None = None


class NoConsent(NotSubmitted):
    """The person did not agree to be contacted, as far as the body tells."""

    def __init__(self, message: str, *, fault: IntakeFault | None = None):
        super().__init__(message)
        self.fault = fault


class FieldsMissing(NotSubmitted):
    """Fields that a lead needs are not in the body. missing: why, by the API's name of each."""

    fault = IntakeFault.FIELD_MISSING

    def __init__(self, missing: Mapping[str, str]):
        super().__init__(" ".join(missing.values()))
        self.missing = missing


@dataclass
class Mapped:
    """A submission before it is checked: its fields by the API's names.

    sources: the answers of fields that need not be right: they stay answers where they are not.
    """

    fields: dict[str, Any]
    sources: dict[str, Answer] = field(default_factory=dict)

    def without(self, name: str) -> "Mapped":
        """Return it with an optional field as an answer, as it was written."""
        source = self.sources[name]
        rest = {key: value for key, value in self.fields.items() if key != name}
        kept = [(source.question, source.text), *self.fields["formResponses"].items()]
        return Mapped({**rest, "formResponses": fitted(kept)}, self.sources)


def read(
    address: IntakeAddress, consent: IntakeConsent, answers: Sequence[Answer], *, country: str
) -> Mapped:
    """Return what a body submits. country: of phone numbers without one.

    Raises NoConsent, before all else; FieldsMissing.
    """
    chosen = chosen_fields(address, consent, answers, country=country)
    by_path = {answer.path: answer for answer in answers}
    _check_consent(consent, chosen.consent, by_path)
    taken = {
        name: by_path[path]
        for name, path in vars(chosen).items()
        if path in by_path and (name != "consent" or consent.rule == ConsentRule.FIELD)
    }
    _check_there(address, chosen, taken)
    full_name = [taken[part].text for part in ("name", "last_name") if part in taken]
    used = {answer.path for answer in taken.values()} | set(address.left_out)
    rest = [a for a in answers if a.path not in used and not presets.is_of_books(address.tool, a)]
    optional = {name: taken[name] for name in ("email", "goal") if name in taken}
    return Mapped(
        {
            "name": " ".join(filter(None, full_name)),
            "phone": taken["phone"].text,
            "consent": True,
            **{name: answer.text for name, answer in optional.items()},
            "metadata": _campaign(rest),
            "formResponses": fitted(_responses([a for a in rest if not _is_campaign(a)])),
        },
        {name: answer for name, answer in optional.items() if answer.text},
    )


def chosen_fields(
    address: IntakeAddress, consent: IntakeConsent, answers: Sequence[Answer], *, country: str
) -> presets.Found:
    """Return the path of each field: the one that was chosen, or what the tool usually calls it."""
    usual = presets.find(address.tool, answers, country=country)
    chosen = {
        "name": address.name_field,
        "last_name": address.last_name_field,
        "phone": address.phone_field,
        "email": address.email_field,
        "goal": address.goal_field,
        "consent": consent.field,
    }
    return presets.Found(
        **{name: getattr(usual, name) if path == USUAL else path for name, path in chosen.items()}
    )


def is_ticked(answer: Answer, ticked: str) -> bool:
    """Return whether an answer says yes. ticked: what it says then; empty: a word for yes."""
    said = [part.casefold() for part in (answer.text, *answer.parts)]
    if ticked:
        return ticked.strip().casefold() in said
    return any(part in YES for part in said)


def _check_consent(consent: IntakeConsent, path: str, by_path: Mapping[str, Answer]) -> None:
    if consent.rule == ConsentRule.FORM:
        return
    missing = IntakeFault.CONSENT_MISSING
    if not path:
        raise NoConsent("No field of consent is chosen, or it did not arrive.", fault=missing)
    if path not in by_path:
        raise NoConsent(f"The field of consent, “{path}”, did not arrive.", fault=missing)
    if not is_ticked(by_path[path], consent.ticked):
        raise NoConsent(f"The field of consent, “{path}”, does not say yes.")


def _check_there(
    address: IntakeAddress, chosen: presets.Found, taken: Mapping[str, Answer]
) -> None:
    missing = {}
    for name in ("name", "phone"):
        path = getattr(chosen, name)
        if name in taken:
            continue
        if path:
            missing[name] = f"The field “{path}” did not arrive."
        elif getattr(address, f"{name}_field") == USUAL:
            missing[name] = "None of the fields that arrived has a usual name of it."
        else:
            missing[name] = "No field is chosen for it."
    if missing:
        raise FieldsMissing(missing)


def _is_campaign(answer: Answer) -> bool:
    return answer.path.rpartition(".")[2].lower() in CAMPAIGN


def _campaign(answers: Sequence[Answer]) -> dict[str, str]:
    return {
        answer.path.rpartition(".")[2].lower(): answer.text[:LONGEST_CAMPAIGN]
        for answer in answers
        if _is_campaign(answer) and answer.text
    }


def _responses(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """Return question and answer of each that has one; two of one wording by their paths."""
    questions = [answer.question for answer in answers]
    return [
        (answer.path if questions.count(question) > 1 else question, answer.text)
        for answer, question in zip(answers, questions, strict=True)
        if answer.text
    ]


def fitted(responses: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return as many answers as a lead may have, in their order; what is not kept is said."""
    kept: dict[str, str] = {}
    left, dropped = LARGEST_ANSWERS, 0
    for question, text in responses:
        size = len(json.dumps([question, text], ensure_ascii=False).encode())
        if size > left:
            dropped += 1
            continue
        kept.setdefault(question, text)
        left -= size
    if dropped:
        kept[CUT] = f"{dropped} more: too long for a lead."
    return kept
