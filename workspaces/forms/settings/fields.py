"""Fields of settings: each reads what people type, and what `manage.py workspace` is given."""

import re

from django import forms

from workspaces.models import NumberType
from workspaces.models.workspace import PHONE_NUMBER
from workspaces.settings import form_sites
from workspaces.settings.countries import COUNTRIES, validate_countries


class CountryField(forms.ChoiceField):
    """One country, or none: two-letter codes, in capitals or not. none: how that is said."""

    default_validators = [validate_countries]

    def __init__(self, none="None: numbers need their country code", **options):
        choices = [("", none), *COUNTRIES]
        super().__init__(required=False, choices=choices, **options)

    def to_python(self, value):
        return super().to_python(value).strip().upper()

    def validate(self, value):
        """Leave it to the validator, whose words say which code is wrong."""


class CountriesField(forms.CharField):
    """Two-letter codes with commas or spaces between, in capitals or not, as `GB,IE`."""

    default_validators = [validate_countries]

    def to_python(self, value):
        codes = (super().to_python(value) or "").upper().replace(",", " ").split()
        return ",".join(sorted(set(codes)))


class NumberTypesField(forms.MultipleChoiceField):
    """Ticked boxes, or the words with commas or spaces between: `personal,satellite`."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": f"%(value)s: no such kind of number. There are: "
        f"{', '.join(NumberType.values)}."
    }

    def __init__(self, **options):
        super().__init__(required=False, choices=NumberType.choices, **options)

    def to_python(self, value):
        return _words(value)

    def clean(self, value):
        """Return the words with commas between, in the order of the boxes."""
        chosen = super().clean(value)
        return ",".join(kind for kind in NumberType.values if kind in chosen)

    def prepare_value(self, value):
        return _words(value)


def _words(value: str | list[str] | None) -> list[str]:
    return value.replace(",", " ").split() if isinstance(value, str) else value or []


class DaysField(forms.IntegerField):
    """A number of days after which something is erased; empty for never."""

    def __init__(self, **options):
        super().__init__(required=False, min_value=1, max_value=36_500, **options)


class SwitchField(forms.TypedChoiceField):
    """`true` or `false`."""

    def __init__(self, **options):
        choices = [("false", "No"), ("true", "Yes")]
        super().__init__(
            choices=choices,
            coerce=lambda value: value == "true",
            error_messages={"invalid_choice": "Write true or false."},
            **options,
        )


class NumberField(forms.CharField):
    """A phone number with its country code, spaces and the like between the digits or not."""

    default_error_messages = {
        "invalid_number": "Enter a phone number with its country code, such as +44 20 7946 0018."
    }

    def to_python(self, value):
        """Return it as `+` and digits."""
        number = re.sub(r"[\s().-]", "", super().to_python(value) or "")
        if number and not re.fullmatch(PHONE_NUMBER, number):
            raise forms.ValidationError(self.error_messages["invalid_number"], "invalid_number")
        return number


class SitesField(forms.CharField):
    """Origins with commas, spaces or line breaks between; the address of a page counts as its."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    default_validators = [form_sites.validate_sites]

    def to_python(self, value):
        return form_sites.read(super().to_python(value) or "")

    def prepare_value(self, value):
        return value.replace(",", "\n") if isinstance(value, str) else value
