"""A form as a stranger fills it in, page by page, and the submission that it makes."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from coachbot.db.storable import storable
from leads.forms import sources, texts
from leads.forms.definition import Kind
from leads.forms.versions import Version
from leads.intake import phones
from leads.intake.submission import LARGEST_EXTRAS, LONGEST_ZONE, Submission, extras_size
from leads.views.form.fields import field_of, own_fields
from workspaces.models import Workspace

FIRST = ("name", "phone", "country", "email", "goal")
LAST = ("consent",)
LONGEST_PREFILL = 2_000


class AnswerForm(forms.Form):
    """All fields of a version of a form. `step`: the page of them that is shown, from 0.

    data: what was sent; without it the page shows what `values` says, and complains of nothing.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: Version,
        workspace: Workspace,
        values: Mapping[str, Any] | None = None,
        step: int = 0,
    ):
        super().__init__(data, initial={"country": workspace.default_country, **(values or {})})
        self.version, self.workspace = version, workspace
        definition = version.definition
        self.texts = texts.of(definition.language)
        self.fields |= own_fields(
            self.texts, email=definition.email, goal=definition.goal, consent=definition.consent
        )
        for question in definition.questions:
            self.fields[question.id] = field_of(question, self.texts)
            if question.kind == Kind.CHOICES and isinstance(self.initial.get(question.id), str):
                self.initial[question.id] = [self.initial[question.id]]
        self.steps = self._steps()
        self.step = min(max(step, 0), len(self.steps) - 1)

    def _steps(self) -> list[list[str]]:
        """Return the names of the fields of each page."""
        pages = [[question.id for question in page] for page in self.version.definition.steps]
        pages[0] = [*(name for name in FIRST if name in self.fields), *pages[0]]
        pages[-1] = [*pages[-1], *LAST]
        return pages

    # --- For the page -------------------------------------------------------------------

    @property
    def shown(self) -> list[BoundField]:
        """Return the fields of the page, but for the box below all of them."""
        return [self[name] for name in self.steps[self.step] if name not in LAST]

    @property
    def carried(self) -> list[BoundField]:
        """Return the fields of the other pages. Consent is never carried along."""
        hidden = [name for page in self.steps for name in page]
        return [self[name] for name in hidden if name not in (*self.steps[self.step], *LAST)]

    @property
    def wrong(self) -> list[BoundField]:
        """Return the fields of the page that are not right."""
        return [self[name] for name in self.steps[self.step] if name in self.errors]

    @property
    def is_first(self) -> bool:
        return self.step == 0

    @property
    def is_last(self) -> bool:
        return self.step == len(self.steps) - 1

    @property
    def place(self) -> str:
        """Return which page of how many it is, "" where there is one."""
        if len(self.steps) == 1:
            return ""
        text: str = self.texts["step"]
        return text.format(number=self.step + 1, total=len(self.steps))

    # --- What is right ------------------------------------------------------------------

    @property
    def is_page_right(self) -> bool:
        """Return whether what this page asks for is right, whatever is still to come."""
        return not any(name in self.errors for name in self.steps[self.step])

    @property
    def first_wrong_step(self) -> int:
        """Return the first page with something that is not right."""
        wrong = (
            place
            for place, names in enumerate(self.steps)
            if any(name in self.errors for name in names)
        )
        return next(wrong, len(self.steps) - 1)

    def clean(self) -> None:
        self._read_phone()
        if extras_size(self.metadata, dict(self._answers())) >= LARGEST_EXTRAS:
            self.add_error(None, self.texts["too_much"])

    def _read_phone(self) -> None:
        text, country = self.cleaned_data.get("phone"), self.cleaned_data.get("country")
        if text is None or country is None:
            return
        if "country" not in self.data:
            country = self.workspace.default_country
        try:
            self.phone = phones.read(text, country=country)
        except phones.BadPhone:
            self.add_error("phone", self.texts["not_a_phone"])

    @property
    def metadata(self) -> dict[str, str]:
        """Return where the person came from, as far as the address of the form told."""
        return sources.read({name: self.data.get(name, "") for name in sources.PARAMETERS})

    def _answers(self) -> Iterator[tuple[str, str]]:
        for question in self.version.definition.questions:
            value = self.cleaned_data.get(question.id)
            text = ", ".join(value) if isinstance(value, list) else str(value or "")
            if text:
                yield question.id, text

    @property
    def submission(self) -> Submission:
        """Return what was filled in as the API would have read it. Valid forms have one."""
        answers = dict(self._answers())
        asked = {question.id: question.text for question in self.version.definition.questions}
        default = self.workspace.default_country
        return Submission(
            name=self.cleaned_data["name"],
            phone=self.phone.number,
            older_phones=phones.older_spellings(self.phone, country=default),
            email=self.cleaned_data.get("email", ""),
            goal=self.cleaned_data.get("goal", ""),
            metadata=self.metadata,
            form_responses=answers,
            form_wordings={name: asked[name] for name in answers},
            timezone=storable(self.data.get("timezone", "")).strip()[:LONGEST_ZONE],
        )


def values_of(data: QueryDict, names: list[str]) -> dict[str, Any]:
    """Return what was sent for some fields, as a page shows it. Consent is given each time."""
    found: dict[str, Any] = {}
    for name in names:
        if name in data and name not in LAST:
            sent = [text[:LONGEST_PREFILL].replace("\x00", "") for text in data.getlist(name)]
            found[name] = sent if len(sent) > 1 else sent[0]
    return found
