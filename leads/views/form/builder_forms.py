"""The form in which members make a form: its looks, and a small one for each question."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from leads.forms import definition as definitions
from leads.forms.definition import ACCENT_FORM, Asked, Definition, Kind, Language, Question
from leads.models.intake.hosted_form import QUESTION_ID

WEB_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?", re.IGNORECASE)


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LooksForm(forms.Form):
    """What a form says, asks of everybody, and looks like."""

    title = forms.CharField(
        required=False,
        max_length=definitions.LONGEST_TITLE,
        label="Title",
        help_text="Empty: “How can we help?” in the language of the form.",
    )
    intro = forms.CharField(
        required=False, max_length=definitions.LONGEST_INTRO, label="Introduction", widget=_long(3)
    )
    email = forms.ChoiceField(choices=Asked.choices, label="E-mail")
    goal = forms.ChoiceField(choices=Asked.choices, label="Goal: what it is about")
    consent = forms.CharField(
        required=False,
        max_length=definitions.LONGEST_CONSENT,
        label="Consent",
        widget=_long(3),
        help_text="What the box says that people tick. Empty: “I agree that your business calls me "
        "about my request.” in the language of the form. What each of them agreed to is kept.",
    )
    policy_url = forms.CharField(
        required=False,
        max_length=definitions.LONGEST_LINK,
        label="Address of your privacy policy",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text="Linked below the box.",
    )
    button = forms.CharField(
        required=False, max_length=definitions.LONGEST_BUTTON, label="Words on the button"
    )
    thanks = forms.CharField(
        required=False,
        max_length=definitions.LONGEST_THANKS,
        label="After the thank-you",
        widget=_long(2),
        help_text="The page says by itself what happens next: that the phone rings, or when you "
        "call. This stands below.",
    )
    language = forms.ChoiceField(choices=Language.choices, label="Language of the fixed texts")
    accent = forms.CharField(
        label="Accent colour",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text="Of the button, as it is. Links and outlines take a shade of it that can be "
        "read on light and on dark.",
    )
    logo = forms.FileField(
        required=False,
        label="Logo",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP, up to 200 kB. Without one, the name of the workspace.",
    )
    without_logo = forms.BooleanField(required=False, label="Show no logo")

    def clean_policy_url(self):
        address = self.cleaned_data["policy_url"]
        if address and not WEB_ADDRESS.fullmatch(address):
            raise forms.ValidationError("Write the whole address, with https://.")
        return address

    def clean_accent(self):
        accent = self.cleaned_data["accent"].lower()
        if not ACCENT_FORM.fullmatch(accent):
            raise forms.ValidationError("Write a colour such as #2b57c8.")
        return accent


class OptionsField(forms.CharField):
    """Choices, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value):
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def validate(self, value):
        super().validate(value)
        if len(value) > definitions.MOST_OPTIONS:
            raise forms.ValidationError(f"At most {definitions.MOST_OPTIONS} choices.")
        if any(len(option) > definitions.LONGEST_OPTION for option in value):
            raise forms.ValidationError(
                f"A choice has at most {definitions.LONGEST_OPTION} characters."
            )

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list | tuple) else value


class QuestionForm(forms.Form):
    """One question. Its prefix is the question's id."""

    text = forms.CharField(
        required=False, max_length=definitions.LONGEST_QUESTION, label="Question"
    )
    kind = forms.ChoiceField(choices=Kind.choices, label="Answer")
    options = OptionsField(
        required=False, label="Choices", help_text="One a line. Only where the answer is a choice."
    )
    required = forms.BooleanField(required=False, label="Has to be answered")
    starts_step = forms.BooleanField(required=False, label="Begins a new step")

    @property
    def id(self) -> str:
        return str(self.prefix)

    @property
    def question(self) -> Question:
        """Return what was filled in."""
        values = self.cleaned_data
        return Question(
            id=self.id,
            kind=Kind(values["kind"]),
            text=values["text"],
            required=values["required"],
            options=values["options"],
            starts_step=values["starts_step"],
        )


class DraftForm:
    """All of a draft: what it is, or what was sent of it, in the order in which it was sent.

    data, files: of the request, where one was sent.
    """

    def __init__(
        self,
        draft: Definition,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
    ):
        self.draft = draft
        # Of a field for files, what was there before would count as sent.
        self.looks = LooksForm(data, files, initial=vars(draft) | {"logo": None})
        if data is None:
            self.questions = [
                QuestionForm(prefix=question.id, initial=vars(question))
                for question in draft.questions
            ]
        else:
            sent = dict.fromkeys(filter(QUESTION_ID.fullmatch, data.getlist("question")))
            ids = list(sent)[: definitions.MOST_QUESTIONS]
            self.questions = [QuestionForm(data, prefix=question_id) for question_id in ids]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in (self.looks, *self.questions)])

    @property
    def definition(self) -> Definition:
        """Return what was sent, with the logo as it was. Needs is_valid()."""
        values: dict[str, Any] = dict(self.looks.cleaned_data)
        del values["logo"]
        return Definition(
            **values
            | {
                "language": Language(values["language"]),
                "email": Asked(values["email"]),
                "goal": Asked(values["goal"]),
                "logo": "" if values.pop("without_logo") else self.draft.logo,
                "questions": tuple(form.question for form in self.questions),
            }
        )
