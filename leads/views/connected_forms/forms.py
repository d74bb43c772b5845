"""The forms of the page "Connect a form"."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coachbot.visible import check_one_line
from leads.intake_addresses import presets
from leads.intake_addresses.administration import Consent, Fields
from leads.intake_addresses.answers import Answer
from leads.models import (
    LONGEST_FIELD,
    LONGEST_WORDING,
    USUAL,
    ConsentRule,
    FormTool,
    IntakeAddress,
    IntakeConsent,
)

NONE = ("", "Not in this form")
LONGEST_SHOWN = 40
CHOSEN = {
    "name_field": "Name, or first name",
    "last_name_field": "Last name, where it has a field of its own",
    "phone_field": "Phone",
    "email_field": "E-mail",
    "goal_field": "Goal: what the person wants",
}
# Of a column, the field that a preset finds for it.
FOUND = {column: column.removesuffix("_field") for column in CHOSEN} | {"consent_field": "consent"}


class NewAddressForm(forms.Form):
    """A form to connect."""

    name = forms.CharField(
        max_length=120,
        label="Name of the form",
        validators=[check_one_line],
        help_text="Such as “Contact page”.",
    )
    tool = forms.ChoiceField(choices=FormTool.choices, label="Made with")


class MappingForm(forms.Form):
    """Which fields of a form are which, chosen from those that arrived, and its consent."""

    name = forms.CharField(max_length=120, label="Name of the form", validators=[check_one_line])
    consent_rule = forms.ChoiceField(
        choices=ConsentRule.choices, label="Consent to be contacted", widget=forms.RadioSelect
    )
    consent_ticked = forms.CharField(
        required=False,
        max_length=LONGEST_FIELD,
        label="What it says when it is ticked",
        help_text="Empty: a word for yes, such as true, yes, on or 1. Some tools send the wording "
        "of the box instead: then enter it here as it arrives.",
    )
    consent_wording = forms.CharField(
        required=False,
        max_length=LONGEST_WORDING,
        label="Wording of the consent in the form",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept as evidence, and shown with each lead that comes by it.",
    )

    def __init__(
        self,
        *args,
        address: IntakeAddress,
        consent: IntakeConsent,
        arrived: Sequence[Sequence[Answer]],
        **options,
    ):
        options["initial"] = _initial(address, consent, arrived)
        super().__init__(*args, **options)
        self.address, self.arrived = address, _by_path(arrived)
        usual = (
            presets.find(address.tool, arrived[0], country=_country(address)) if arrived else None
        )
        for column, label in {**CHOSEN, "consent_field": "Field of the consent"}.items():
            stored = consent.field if column == "consent_field" else getattr(address, column)
            found = getattr(usual, FOUND[column]) if usual else ""
            self.fields[column] = forms.ChoiceField(
                required=False, label=label, choices=self._choices(stored, found)
            )
        kept = [p for p, a in self.arrived.items() if not presets.is_of_books(address.tool, a)]
        left_out = [*kept, *(path for path in address.left_out if path not in kept)]
        self.fields["left_out"] = forms.MultipleChoiceField(
            required=False,
            label="Do not keep",
            help_text="All others that are not chosen above are kept as the lead's answers.",
            choices=[(path, self._words(path)) for path in left_out],
            widget=forms.CheckboxSelectMultiple,
        )

    def _choices(self, stored: str, found: str) -> list[tuple[str, str]]:
        """Return what may be chosen: nothing, the usual name, what arrived, what is stored."""
        choices = [NONE]
        if self.address.tool != FormTool.OTHER:
            tool = FormTool(self.address.tool).label
            which = f" (now {found})" if found else ""
            choices.append((USUAL, f"As {tool} usually names it{which}"))
        choices += [(path, self._words(path)) for path in self.arrived]
        if stored and stored != USUAL and stored not in self.arrived:
            choices.append((stored, f"{stored} (has not arrived)"))
        return choices

    def _words(self, path: str) -> str:
        answer = self.arrived.get(path)
        if answer is None:
            return path
        name = f"{answer.label} ({path})" if answer.label else path
        text = answer.text
        shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
        return f"{name}: {shown}" if shown else name

    def clean(self):
        super().clean()
        values = self.cleaned_data
        for column in ("name_field", "phone_field"):
            if not values.get(column):
                self.add_error(column, "A lead needs it: choose its field.")
        rule = values.get("consent_rule")
        if rule == ConsentRule.FIELD and not values.get("consent_field"):
            self.add_error("consent_field", "Choose the field that is ticked.")
        if rule == ConsentRule.FORM and not values.get("consent_wording"):
            self.add_error("consent_wording", "Enter the words that people agree to by sending it.")
        return values

    @property
    def columns(self) -> Fields:
        """Return the chosen fields."""
        chosen = {column: self.cleaned_data[column] for column in CHOSEN}
        return Fields(**chosen, left_out=self.cleaned_data["left_out"])

    @property
    def consent(self) -> Consent:
        """Return the chosen consent; of the owner's word, no field."""
        values = self.cleaned_data
        is_field = values["consent_rule"] == ConsentRule.FIELD
        return Consent(
            rule=values["consent_rule"],
            field=values["consent_field"] if is_field else "",
            ticked=values["consent_ticked"].strip() if is_field else "",
            wording=values["consent_wording"],
        )


def _country(address: IntakeAddress) -> str:
    return address.workspace.default_country


def _by_path(arrived: Sequence[Sequence[Answer]]) -> dict[str, Answer]:
    """Return all fields that arrived, as the newest body has them."""
    found: dict[str, Answer] = {}
    for answers in arrived:
        for answer in answers:
            found.setdefault(answer.path, answer)
    return found


def _initial(
    address: IntakeAddress, consent: IntakeConsent, arrived: Sequence[Sequence[Answer]]
) -> dict[str, Any]:
    """Return what is stored; where nothing was ever chosen, what the names of fields suggest."""
    stored = {
        "name": address.name,
        **{column: getattr(address, column) for column in CHOSEN},
        "left_out": address.left_out,
        "consent_rule": consent.rule,
        "consent_field": consent.field,
        "consent_ticked": consent.ticked,
        "consent_wording": consent.wording,
    }
    if address.phone_field or not arrived:
        return stored
    suggested = presets.find(address.tool, arrived[0], country=_country(address))
    return stored | {column: getattr(suggested, field) for column, field in FOUND.items()}
