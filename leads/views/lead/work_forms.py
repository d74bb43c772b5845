"""Forms of what members do with a lead."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from coachbot.visible import is_blank
from leads.contact.planned.callbacks import LONGEST_NOTES
from leads.messages.templates import Which
from leads.models import ClosedAs
from leads.models.lead.activity import LONGEST_TEXT
from leads.models.lead.lead import LONGEST_NEXT_STEP
from leads.operators import writing
from leads.views.choices import owner_choices, set_choices
from workspaces.forms.pages import DayField, LinesField
from workspaces.models import Membership


class OwnerField(forms.ChoiceField):
    """A member of the workspace, or nobody."""

    default_error_messages = {"invalid_choice": "That is not a member any more."}


class WorkForm(forms.Form):
    """One of several on a page: the ids of its fields begin with its own name."""

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s", **options)


class AssignForm(WorkForm):
    """Whose a lead is to be."""

    owner = OwnerField(label="Belongs to")

    def __init__(self, data=None, *, memberships: Sequence[Membership], me: Membership, **options):
        super().__init__(data, **options)
        self._members = {str(member.pk): member for member in memberships}
        set_choices(self, "owner", owner_choices(memberships, me))

    @property
    def member(self) -> Membership | None:
        """Return who was chosen, None for nobody."""
        return self._members.get(self.cleaned_data["owner"])


class NoteForm(WorkForm):
    """A note about a lead."""

    text = LinesField(
        rows=3,
        max_length=LONGEST_TEXT,
        label="A note",
        error_messages={"required": "Write a note first."},
    )


class WriteForm(WorkForm):
    """A message to a lead, in a member's own words. name: in the context of the page."""

    name = "write"
    text = LinesField(
        rows=3,
        max_length=writing.LONGEST,
        label="Write to the lead",
        help_text=f"At most {writing.LONGEST:,} characters. Whoever writes takes the lead over: "
        "the agent is silent until it is handed back.",
        error_messages={"required": "Write something first."},
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        # Browsers cut what is pasted at it, without a word.
        del self.fields["text"].widget.attrs["maxlength"]

    def clean_text(self):
        text = self.cleaned_data["text"]
        if is_blank(text):
            raise ValidationError("Write something that can be seen.")
        return text


class TemplateForm(WorkForm):
    """Which approved template is sent to a lead. name: in the context of the page."""

    name = "write_template"
    which = forms.ChoiceField(choices=[(str(which), str(which)) for which in Which])


class NextStepForm(WorkForm):
    """What comes next, and when."""

    text = forms.CharField(
        max_length=LONGEST_NEXT_STEP,
        label="Next step",
        error_messages={"required": "Say what is to be done, such as “Send the price list”."},
    )
    on = DayField(label="On")

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day is None:
            raise ValidationError("Choose the day on which it is to be done.")
        if day < timezone.localdate():
            raise ValidationError("Choose today or a later day.")
        return day


class MomentField(forms.CharField):
    """A day and a time in the zone of whoever is meant: `zone`, to be set. Gives UTC."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
    zone: tzinfo = UTC

    def clean(self, value):
        text = super().clean(value)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError("Choose a day and a time.") from error


class CallBackForm(WorkForm):
    """When the agent is to call a lead, by the lead's clock. whose: how that is said."""

    at = MomentField(label="Call back at", error_messages={"required": "Choose a day and a time."})
    notes = LinesField(
        rows=2,
        max_length=LONGEST_NOTES,
        required=False,
        label="What for (optional)",
        help_text="The agent is told when it calls.",
    )

    def __init__(self, data=None, *, zone: tzinfo, whose: str, **options):
        super().__init__(data, **options)
        field = self.fields["at"]
        assert isinstance(field, MomentField)
        field.zone, field.help_text = zone, whose


class CloseForm(WorkForm):
    """How the work on a lead ended. Each end is a button."""

    closed_as = forms.ChoiceField(choices=ClosedAs.choices, label="Close as")
    reason = LinesField(rows=2, max_length=LONGEST_TEXT, required=False, label="Why (optional)")
