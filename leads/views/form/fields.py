"""The fields of a form that strangers fill in, with what they say where something is not right."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from coachbot.visible import clean_address, is_blank
from leads.forms.definition import Kind, Question
from leads.intake.submission import EMAIL, GOAL, NAME, PHONE
from workspaces.settings.countries import COUNTRIES

SHORT, LONG = 200, 2_000
# More choices than this are a list to open.
MOST_RADIOS = 8
NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?", re.ASCII)
LINK = re.compile(r"(https?://)?[^\s/@]+\.[^\s/@.]{2,}(/\S*)?", re.IGNORECASE)

Texts = Mapping[str, Any]


class NameField(forms.CharField):
    """A name of which something can be seen."""

    def clean(self, value):
        name = super().clean(value)
        if is_blank(name):
            raise ValidationError(self.error_messages["required"])
        return name


class AddressField(forms.CharField):
    """An e-mail address, without what is invisible in it."""

    widget = forms.EmailInput

    def clean(self, value):
        text = super().clean(value)
        try:
            return clean_address(text) if text else ""
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"]) from error


class PatternField(forms.CharField):
    """A text of some form."""

    def __init__(self, pattern: re.Pattern, **options):
        super().__init__(**options)
        self.pattern = pattern

    def clean(self, value):
        text = super().clean(value)
        if text and not self.pattern.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"])
        return text


def own_fields(texts: Texts, *, email: str, goal: str, consent: str) -> dict[str, forms.Field]:
    """Return the fields that a lead is made of. email, goal: as Asked has it."""
    found: dict[str, forms.Field] = {
        "name": NameField(
            max_length=NAME.longest,
            label=texts["name"],
            error_messages=_words(texts, required=texts["not_a_name"], longest=NAME.longest),
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        ),
        "phone": forms.CharField(
            label=texts["phone"],
            max_length=PHONE.longest * 4,
            error_messages=_words(texts, longest=PHONE.longest),
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        ),
        "country": forms.ChoiceField(
            label=texts["country"],
            required=False,
            choices=[("", texts["other_country"]), *COUNTRIES],
            error_messages=_words(texts),
            widget=forms.Select(attrs={"autocomplete": "country", "data-countries": ""}),
        ),
    }
    if email != "no":
        found["email"] = AddressField(
            label=texts["email"],
            required=email == "required",
            max_length=EMAIL.longest,
            error_messages=_words(texts, invalid=texts["not_an_email"], longest=EMAIL.longest),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        )
    if goal != "no":
        found["goal"] = forms.CharField(
            label=texts["goal"],
            required=goal == "required",
            max_length=GOAL.longest,
            error_messages=_words(texts, longest=GOAL.longest),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    message = {"required": texts["consent_required"]}
    found["consent"] = forms.BooleanField(label=consent, error_messages=message)
    return found


def field_of(question: Question, texts: Texts) -> forms.Field:
    """Return the field of a question."""
    common: dict[str, Any] = {"label": question.text, "required": question.required}
    if question.has_options or question.kind == Kind.YES_NO:
        return _choice(question, texts, common)
    kind, widget, invalid, longest = _WRITTEN[question.kind]
    words = _words(texts, invalid=texts.get(invalid, ""), longest=longest)
    pattern = {"pattern": _PATTERNS[question.kind]} if question.kind in _PATTERNS else {}
    if kind is forms.DateField:
        return kind(**common, widget=widget(), error_messages=words)
    return kind(**common, **pattern, max_length=longest, widget=widget(), error_messages=words)


def _long_text() -> forms.Widget:
    return forms.Textarea(attrs={"rows": 4})


def _number() -> forms.Widget:
    return forms.TextInput(attrs={"inputmode": "decimal"})


def _date() -> forms.Widget:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _link() -> forms.Widget:
    # As text: browsers refuse an address without https:// before we could take it.
    return forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"})


# By kind of question: field, widget, what is said of a text that is none of it, and its length.
_WRITTEN: dict[Kind, tuple[Any, Any, str, int]] = {
    Kind.SHORT_TEXT: (forms.CharField, forms.TextInput, "", SHORT),
    Kind.LONG_TEXT: (forms.CharField, _long_text, "", LONG),
    Kind.NUMBER: (PatternField, _number, "not_a_number", SHORT),
    Kind.DATE: (forms.DateField, _date, "not_a_date", SHORT),
    Kind.EMAIL: (AddressField, forms.EmailInput, "not_an_email", EMAIL.longest),
    Kind.LINK: (PatternField, _link, "not_a_link", LONG),
}
_PATTERNS = {Kind.NUMBER: NUMBER, Kind.LINK: LINK}


def _choice(question: Question, texts: Texts, common: dict[str, Any]) -> forms.Field:
    options = question.options
    if question.kind == Kind.YES_NO:
        options = (texts["yes"], texts["no"])
    choices = [(option, option) for option in options]
    words = _words(texts, required=texts["choice_required"])
    if question.kind == Kind.CHOICES:
        widget: forms.Widget = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(
            **common, choices=choices, widget=widget, error_messages=words
        )
    if len(choices) > MOST_RADIOS:
        choices, widget = [("", texts["choose"]), *choices], forms.Select()
    else:
        widget = forms.RadioSelect()
    return forms.ChoiceField(**common, choices=choices, widget=widget, error_messages=words)


def _words(texts: Texts, *, required: str = "", invalid: str = "", longest: int = 0) -> dict:
    """Return what a field says, in the language of the form."""
    return {
        "required": required or texts["required"],
        "invalid": invalid or texts["not_a_choice"],
        "invalid_choice": texts["not_a_choice"],
        "invalid_list": texts["not_a_choice"],
        "max_length": texts["too_long"].format(most=longest),
        "null_characters_not_allowed": texts["not_readable"],
    }
