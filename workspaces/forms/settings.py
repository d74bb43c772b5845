"""Forms of the sections of the settings."""

import re

from django import forms

from coachbot.visible import AddressField, check_one_line, folded
from coachbot.zones import validate_zone
from workspaces.models import Channel, NumberType, Role, Workspace
from workspaces.models.workspace import PHONE_NUMBER
from workspaces.settings import form_sites
from workspaces.settings.calling_hours import validate_days_off, validate_hours
from workspaces.settings.countries import COUNTRIES, validate_countries
from workspaces.settings.follow_up_plan import validate_plan
from workspaces.settings.slugs import BadSlug, check_slug


class GeneralForm(forms.Form):
    """Name and slug."""

    name = forms.CharField(max_length=120, label="Name", validators=[check_one_line])
    slug = forms.CharField(
        max_length=50,
        label="Slug",
        help_text="Part of every address of the workspace. When it changes, old links to the "
        "dashboard and the URLs entered in Vapi stop working.",
    )

    def clean_slug(self):
        try:
            return check_slug(self.cleaned_data["slug"].strip())
        except BadSlug as error:
            raise forms.ValidationError(str(error)) from error


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


class ChannelForm(forms.Form):
    """Settings of which some concern one channel only, and others are said otherwise there.

    only_voice, only_whatsapp: the fields of one channel. of_whatsapp: label and help text there.
    channel: the workspace's; without one all fields are there, in the words of a voice workspace.
    """

    only_voice: tuple[str, ...] = ()
    only_whatsapp: tuple[str, ...] = ()
    of_whatsapp: dict[str, tuple[str, str]] = {}

    def __init__(self, *args, channel: str = "", **options):
        super().__init__(*args, **options)
        is_whatsapp = channel == Channel.WHATSAPP
        for name in self.only_voice if is_whatsapp else self.only_whatsapp if channel else ():
            del self.fields[name]
        for name, words in self.of_whatsapp.items() if is_whatsapp else ():
            self.fields[name].label, self.fields[name].help_text = words


class DaysField(forms.IntegerField):
    """A number of days after which something is erased; empty for never."""

    def __init__(self, **options):
        super().__init__(required=False, min_value=1, max_value=36_500, **options)


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


class TimeZoneForm(ChannelForm):
    """The zone in which the pages of the workspace say times."""

    time_zone = forms.CharField(
        required=False,
        max_length=60,
        label="Time zone",
        validators=[validate_zone],
        help_text="Such as Europe/London. All members see times in it. Empty: each sees those of "
        "their own browser.",
    )


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


class FollowUpForm(ChannelForm):
    """Who is contacted again, how often, and when."""

    only_voice: tuple[str, ...] = ("voicemail_counts_as_reached",)
    of_whatsapp = {
        "follow_up_plan": (
            "Plan",
            "How long after a message that nobody answered the follow-up is sent. Write gentle "
            "(4 hours, 1 day), standard (45 minutes, 3 hours, then 1, 3 and 6 days), or up to 8 "
            "gaps of your own such as 3h,1d. Each is sent by the follow-up template; without one "
            "there are none. Empty: a lead gets the first message and no more.",
        ),
        "first_call_hours": (
            "Hours of the first message",
            "In the time zone of the lead. “always” writes to whoever comes in at once; else for "
            "example mon-fri 09:00-20:00, sat 10:00-17:00. Who comes in outside of them is "
            "written to when they open. Who writes is always answered.",
        ),
        "later_call_hours": (
            "Hours of follow-ups",
            "In the time zone of the lead. The law differs by country, and for some it is "
            "stricter than this: ask there.",
        ),
        "days_off": (
            "Days off",
            "Dates with commas between, such as 2026-12-25. No first message and no follow-up is "
            "sent then.",
        ),
        "calls_a_day_per_lead": (
            "First messages and follow-ups a day to one lead",
            "By the lead's own date. Answers to what it writes do not count.",
        ),
    }

    follow_up_plan = forms.CharField(
        required=False,
        max_length=120,
        label="Plan",
        validators=[validate_plan],
        help_text="How long after an attempt that reached nobody the next one is made. Write "
        "gentle (4 hours, 1 day), standard (45 minutes, 3 hours, then 1, 3 and 6 days), or up to "
        "8 gaps of your own such as 45m,3h,1d. Empty: every lead is called once.",
    )
    voicemail_counts_as_reached = SwitchField(
        label="A voicemail ends the plan",
        help_text="Then a lead whose mailbox answered is not called again.",
    )
    first_call_hours = forms.CharField(
        max_length=400,
        label="Hours of the first call",
        validators=[validate_hours],
        help_text="In the time zone of the lead. “always” calls whoever writes in at once; else "
        "for example mon-fri 09:00-20:00, sat 10:00-17:00. Who writes in outside of them is "
        "called when they open.",
    )
    later_call_hours = forms.CharField(
        max_length=400,
        label="Hours of later calls",
        validators=[validate_hours],
        help_text="In the time zone of the lead. The law differs by country, and for some it is "
        "stricter than this: ask there.",
    )
    days_off = forms.CharField(
        required=False,
        max_length=4_000,
        label="Days off",
        validators=[validate_days_off],
        help_text="Dates with commas between, such as 2026-12-25. Nobody is called then of the "
        "agent's own accord.",
    )
    calls_a_day_per_lead = forms.IntegerField(
        min_value=1,
        max_value=20,
        label="Calls a day to one lead",
        help_text="By the lead's own date, and for whatever reason it is called.",
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


class TransfersForm(ChannelForm):
    """To whom the agent passes a call on."""

    transfer_number = NumberField(
        required=False,
        max_length=40,
        label="Transfer number",
        help_text="Where a person of yours answers, such as +44 20 7946 0018. A lead that asks "
        "for a person is put through to it, also while the agent is paused. Empty: the agent "
        "says that somebody will call back, and the lead waits for a person here.",
    )


class SitesField(forms.CharField):
    """Origins with commas, spaces or line breaks between; the address of a page counts as its."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    default_validators = [form_sites.validate_sites]

    def to_python(self, value):
        return form_sites.read(super().to_python(value) or "")

    def prepare_value(self, value):
        return value.replace(",", "\n") if isinstance(value, str) else value


class FormSitesForm(ChannelForm):
    """Which sites show the hosted form within their own pages."""

    form_sites = SitesField(
        required=False,
        max_length=form_sites.LONGEST,
        label="Sites that may show the form",
        help_text="One a line, such as https://www.example.com. With and without www are two "
        "sites. Everywhere else browsers refuse to show the form within a page; a link to it "
        "always works.",
    )


class SettingsForm(FormSitesForm, FollowUpForm, TimeZoneForm, LimitsForm, TransfersForm):
    """Every setting that has a name: for `manage.py workspace`, which prints and sets them."""

    is_paused = SwitchField()
    books_by_hand = SwitchField()
    form_published = SwitchField()
    field_order = ["is_paused", "time_zone", "books_by_hand"]


SETTINGS = tuple(SettingsForm.base_fields)
LONGEST_EMAIL = 254  # as the column


class RoleField(forms.TypedChoiceField):
    """A role: as it is stored, or as it is called, so that `agent` and `member` are one."""

    def __init__(self, **options):
        super().__init__(choices=Role.choices, coerce=Role, **options)

    def to_python(self, value):
        try:
            return Role(value).value
        except ValueError:
            return super().to_python(value)


class MemberForm(forms.Form):
    """A person to add."""

    email = AddressField(max_length=LONGEST_EMAIL, label="E-mail")
    role = RoleField(initial=Role.AGENT, label="Role")

    def clean_email(self):
        """Return the address as accounts are known by it; a few letters get longer by that."""
        email = folded(self.cleaned_data["email"])
        if len(email) > LONGEST_EMAIL:
            raise forms.ValidationError("Enter a valid email address.")
        return email


class RoleForm(forms.Form):
    """Another role for a member."""

    role = RoleField()


class DeletionForm(forms.Form):
    """The slug, typed, as proof that the deletion is meant."""

    slug = forms.CharField()

    def __init__(self, *args, workspace: Workspace, **options):
        super().__init__(*args, **options)
        self.fields["slug"].label = f"Type {workspace.slug}, the slug of the workspace"
        self.workspace = workspace

    def clean_slug(self):
        if self.cleaned_data["slug"].strip() != self.workspace.slug:
            raise forms.ValidationError(
                f"That is not the slug of this workspace, which is {self.workspace.slug}."
            )
        return self.workspace.slug
