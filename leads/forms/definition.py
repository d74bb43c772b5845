"""What a form asks and says: plain values, and how they are stored. Asks no database.

A draft may lack things; faults() says which, and what is published has none.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.db.models import TextChoices

MOST_QUESTIONS = 20
MOST_OPTIONS = 20
# Characters.
LONGEST_TITLE = 120
LONGEST_INTRO = 1_000
LONGEST_BUTTON = 40
LONGEST_THANKS = 500
LONGEST_CONSENT = 1_000
LONGEST_QUESTION = 300
LONGEST_OPTION = 100
LONGEST_LINK = 500
ACCENT = "#2b57c8"
ACCENT_FORM = re.compile(r"#[0-9a-f]{6}")
ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike
ID_LENGTH = 6


class Kind(TextChoices):
    """What is an answer to a question."""

    SHORT_TEXT = "short_text", "Short text"
    LONG_TEXT = "long_text", "Long text"
    ONE_CHOICE = "one_choice", "One of several choices"
    CHOICES = "choices", "Several of several choices"
    YES_NO = "yes_no", "Yes or no"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    EMAIL = "email", "E-mail"
    LINK = "link", "Link"


class Asked(TextChoices):
    """Whether one of a lead's own fields is asked for."""

    NO = "no", "Not asked"
    OPTIONAL = "optional", "Asked, may stay empty"
    REQUIRED = "required", "Has to be filled in"


class Language(TextChoices):
    """Of the texts that are the same in every form."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    SPANISH = "es", "Español"
    FRENCH = "fr", "Français"


@dataclass(frozen=True)
class Question:
    """A question of the owner's. starts_step: whether a new page of the form begins with it."""

    id: str
    kind: Kind = Kind.SHORT_TEXT
    text: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    starts_step: bool = False

    @property
    def has_options(self) -> bool:
        return self.kind in (Kind.ONE_CHOICE, Kind.CHOICES)

    @property
    def faults(self) -> list[str]:
        """Return what it lacks, in sentences."""
        name = f"“{self.text}”" if self.text else "A question"
        found = [] if self.text else ["A question has no words yet."]
        if self.has_options and len(self.options) < 2:
            found.append(f"{name} needs at least two choices.")
        return found


@dataclass(frozen=True)
class Definition:
    """A form. Empty texts are those of its language. logo: the digest of a picture, or "".

    thanks: what the owner adds below the thank-you.
    """

    title: str = ""
    intro: str = ""
    button: str = ""
    thanks: str = ""
    language: Language = Language.ENGLISH
    accent: str = ACCENT
    logo: str = ""
    consent: str = ""
    policy_url: str = ""
    email: Asked = Asked.OPTIONAL
    goal: Asked = Asked.OPTIONAL
    questions: tuple[Question, ...] = ()

    @property
    def steps(self) -> list[tuple[Question, ...]]:
        """Return the questions of each page. The first also asks who it is, the last for consent.

        A first question cannot begin a page: who it is stands there already.
        """
        pages: list[list[Question]] = [[]]
        for question in self.questions:
            if question.starts_step and question is not self.questions[0]:
                pages.append([])
            pages[-1].append(question)
        return [tuple(page) for page in pages]

    @property
    def faults(self) -> list[str]:
        """Return what keeps it from being published, in sentences."""
        return [fault for question in self.questions for fault in question.faults]

    def question(self, question_id: str) -> Question | None:
        """Return a question, None where there is none of that id."""
        return next((q for q in self.questions if q.id == question_id), None)

    def with_question(self) -> "Definition":
        """Return it with one more question, which is empty, where there is room for one."""
        if len(self.questions) >= MOST_QUESTIONS:
            return self
        return replace(self, questions=(*self.questions, Question(new_id())))

    def without(self, question_id: str) -> "Definition":
        """Return it without a question."""
        kept = tuple(q for q in self.questions if q.id != question_id)
        return replace(self, questions=kept)

    def moved(self, question_id: str, places: int) -> "Definition":
        """Return it with a question so many places further down, above where below 0."""
        questions = list(self.questions)
        ids = [question.id for question in questions]
        if question_id in ids:
            place = ids.index(question_id)
            questions.insert(max(0, place + places), questions.pop(place))
        return replace(self, questions=tuple(questions))


def new_id() -> str:
    """Return an id for a question; what one of them means never changes."""
    return "q_" + "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def to_json(definition: Definition) -> dict[str, Any]:
    """Return what is stored."""
    stored = asdict(definition)
    stored["questions"] = [{**q, "options": list(q["options"])} for q in stored["questions"]]
    return stored


def from_json(stored: Mapping[str, Any]) -> Definition:
    """Return what was stored, also by a release that knew less, or more."""
    known = _known(Definition, stored)
    questions = tuple(_question(row) for row in known.pop("questions", ()))
    for name, choices in (("language", Language), ("email", Asked), ("goal", Asked)):
        if name in known:
            known[name] = choices(known[name])
    return Definition(**known, questions=questions)


def _question(stored: Mapping[str, Any]) -> Question:
    known = _known(Question, stored)
    known["kind"] = Kind(known.get("kind", Kind.SHORT_TEXT))
    known["options"] = tuple(known.get("options", ()))
    return Question(**known)


def _known(kind: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}


def example(questions: Sequence[Question]) -> dict[str, Any]:
    """Return answers to questions, as a site would send them to the API in `formResponses`."""
    return {question.id: _example_of(question) for question in questions}


def _example_of(question: Question) -> Any:
    match question.kind:
        case Kind.ONE_CHOICE:
            return question.options[0] if question.options else "..."
        case Kind.CHOICES:
            return list(question.options[:2])
        case Kind.YES_NO:
            return True
        case Kind.NUMBER:
            return 3
        case Kind.DATE:
            return "2027-01-31"
        case Kind.EMAIL:
            return "jane@example.com"
        case Kind.LINK:
            return "https://www.example.com"
    return "..."
