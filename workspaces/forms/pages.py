"""Forms of sign-in, API keys and the log."""

import uuid
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.loader import render_to_string

from coachbot.mail import outbox
from coachbot.visible import check_one_line
from workspaces.log.queries import PROBLEMS
from workspaces.models import SCOPES, LogKind, Outcome, Preset, User

# The key of no user.
NOBODY = 0


class SignInForm(AuthenticationForm):
    """E-mail and password."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "No account has this e-mail with this password.",
    }


class ForgottenPasswordForm(PasswordResetForm):
    """Also for people who were added as a member and have never had a password.

    Where there is no account, as much is done for a decoy: the time tells nobody which it was.
    """

    def get_users(self, email):
        user = User.objects.of_address(email).filter(is_active=True).first()
        return [user or User(pk=NOBODY, email="nobody@example.com", password="!")]

    def send_mail(self, subject_template_name, email_template_name, context, *args, **options):
        user = context["user"]
        outbox.send(
            to=user.email,
            subject=render_to_string(subject_template_name, context).strip(),
            text=render_to_string(email_template_name, context),
            lasts=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
            is_decoy=user.pk == NOBODY,
        )


class LinesField(forms.CharField):
    """Text of several lines: a line break counts as one character, however a browser sends it."""

    def __init__(self, *, rows: int, **options):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value):
        return super().to_python(value and value.replace("\r\n", "\n"))


class DayField(forms.DateField):
    """An optional day, within what every database and calendar can count with."""

    default_validators = [
        MinValueValidator(date(2000, 1, 1), "Choose a day from 2000 on."),
        MaxValueValidator(date(2999, 12, 31), "Choose a day before 3000."),
    ]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options):
        super().__init__(required=False, **options)


class DaysForm(forms.Form):
    """A form with a first and a last day."""

    since = DayField(label="From")
    until = DayField(label="To")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the one in “From”. Swap the two.")
        return cleaned


def may_do(preset: Preset) -> str:
    """Return in words what a key of a preset may do."""
    *rest, last = [scope.label for scope in SCOPES[preset]]
    return f"{preset.label}: {', '.join(rest)} and {last}"


class ApiKeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(
        max_length=120,
        label="Name",
        validators=[check_one_line],
        help_text="Where the key will be used, such as “Website form”.",
    )
    preset = forms.ChoiceField(
        choices=[(preset.value, may_do(preset)) for preset in Preset],
        required=False,
        initial=Preset.FORM,
        label="It may",
        widget=forms.RadioSelect,
    )

    def clean_preset(self):
        return self.cleaned_data["preset"] or Preset.FORM


class LogFilter(DaysForm):
    """What of the log is shown. All of it is optional."""

    text = forms.CharField(
        required=False,
        max_length=120,
        label="Search",
        widget=forms.SearchInput(attrs={"placeholder": "Name, phone, id or words of an error"}),
    )
    outcome = forms.ChoiceField(
        choices=[("", "Any outcome"), (PROBLEMS, "Problems"), *Outcome.choices],
        required=False,
        label="Outcome",
    )
    key = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[("", "Any kind"), *LogKind.choices], required=False, label="Kind"
    )
    about = forms.CharField(
        required=False,
        max_length=128,
        label="Lead or request id",
        widget=forms.TextInput(attrs={"placeholder": "Paste an id"}),
    )
    field_order = ("text", "outcome", "kind", "since", "until", "about", "key")

    def clean_about(self):
        return self.cleaned_data["about"].strip()

    @property
    def lead_id(self) -> uuid.UUID | None:
        """Return the id looked for where it can be a lead's."""
        try:
            return uuid.UUID(self.cleaned_data.get("about", ""))
        except ValueError:
            return None
