"""Whom the agent may contact and how often, and for how long what is stored is kept."""

from django import forms

from workspaces.forms.settings.channel import ChannelForm
from workspaces.forms.settings.fields import (
    CountriesField,
    CountryField,
    DaysField,
    NumberTypesField,
)


class LimitsForm(ChannelForm):
    """Whom the agent may contact, how numbers are read, how long leads and log rows are kept."""

    only_voice: tuple[str, ...] = ("lines", "lines_kept_free")
    only_whatsapp: tuple[str, ...] = ("daily_token_limit",)
    of_whatsapp = {
        "daily_call_limit": (
            "First messages and follow-ups a day",
            "At most this many are sent in a UTC day. Leads beyond it are saved and not written "
            "to; their pages say so. Answers to what a lead writes do not count.",
        ),
        "allowed_countries": (
            "Countries that may be written to",
            "Two-letter codes with commas between, such as GB, IE. Empty means any. GB includes "
            "Guernsey, Jersey and the Isle of Man.",
        ),
        "allowed_number_types": (
            "Unusual numbers that may be written to",
            "Leads with a number of a kind that is not ticked are saved and not written to. "
            "Fraud is done with them. All other kinds are written to.",
        ),
    }

    daily_call_limit = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        label="Calls a day",
        help_text="At most this many calls are placed in a UTC day. Leads beyond it are saved and "
        "not called; their pages say so.",
    )
    lines = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100_000,
        label="Calls at once",
        help_text="How many lines your Vapi account has. Who writes in while all are taken is "
        "called when one gets free, the newest first. Empty: as Vapi tells with each call.",
    )
    lines_kept_free = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100_000,
        label="Lines kept free",
        help_text="So many of them are left to people who ring in.",
    )
    daily_token_limit = forms.IntegerField(
        min_value=0,
        max_value=2_000_000_000,
        label="Tokens of the language model a day",
        help_text="What the model reads and writes in a UTC day, all leads together. Beyond it the "
        "agent answers nobody: who writes waits for a person.",
    )
    allowed_countries = CountriesField(
        required=False,
        max_length=400,
        label="Countries that may be called",
        help_text="Two-letter codes with commas between, such as GB, IE. Empty means any. "
        "GB includes Guernsey, Jersey and the Isle of Man.",
    )
    allowed_number_types = NumberTypesField(
        label="Expensive numbers that may be called",
        help_text="Leads with a number of a kind that is not ticked are saved and not called. "
        "They can cost several pounds a minute, and fraud is done with them. All other kinds "
        "are called.",
    )
    default_country = CountryField(
        label="Country of numbers without a code",
        help_text="How a number that comes without its + is read: with the United Kingdom, "
        "07700 900123 is taken for +44 7700 900123. With none it is refused, and a number that "
        "does not begin with 0 is taken to begin with its country code.",
    )
    retention_days = DaysField(
        label="Days that leads are kept",
        help_text="Older leads are erased every night, and log rows as old as they. Empty means "
        "never.",
    )
    log_retention_days = DaysField(
        label="Days that log rows are kept",
        help_text="Older rows are erased every night, also while leads are kept longer. Empty "
        "means that they are kept for ever.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "lines" in self.fields and (learnt := self.initial.get("learnt_lines")):
            self.fields["lines"].help_text += f" Learnt from Vapi: {learnt}."

    def clean_lines_kept_free(self):
        return self.cleaned_data["lines_kept_free"] or 0
