"""Forms in which a member enters a lead. Their limits are those of leads.intake.submission."""

from typing import Any

from django import forms

from coachbot.visible import AddressField, is_blank
from leads.intake import phones
from leads.intake.submission import EMAIL, GOAL, NAME, Submission
from workspaces.forms.settings.fields import CountryField
from workspaces.models import User, Workspace

NOT_A_PHONE = (
    "This is no phone number. Write it with + and its country code, or choose the country that "
    "it belongs to."
)


class PhoneForm(forms.Form):
    """A name, a phone and consent: what there must be of anybody who is called.

    agreed: what is said beside the box, with how it is done in its gap. Its `submission` is there
    once it is valid.
    """

    name = forms.CharField(max_length=NAME.longest, label="Name")
    phone = forms.CharField(label="Phone", widget=forms.TextInput(attrs={"type": "tel"}))
    country = CountryField(
        none="Written with its +",
        label="Country of the number",
        help_text="For a number that is written without its +.",
    )
    consent = forms.BooleanField(help_text="That you ticked this, and when, is kept.")

    agreed, not_agreed = "", ""

    def __init__(self, data: Any = None, *, workspace: Workspace, **initial: str):
        super().__init__(data, initial={"country": workspace.default_country, **initial})
        self.workspace = workspace
        done = "called" if workspace.is_voice else "written to on WhatsApp"
        self.fields["consent"].label = self.agreed.format(done=done)
        self.fields["consent"].error_messages["required"] = self.not_agreed.format(done=done)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_blank(name):
            raise forms.ValidationError("Enter a name that can be seen.")
        return name

    def clean(self) -> None:
        text, country = self.cleaned_data.get("phone"), self.cleaned_data.get("country")
        if text is None or country is None:
            return
        try:
            self.read_phone = phones.read(text, country=country)
        except phones.BadPhone:
            self.add_error("phone", NOT_A_PHONE)

    @property
    def submission(self) -> Submission:
        """Return what was entered as the API would have read it."""
        read = self.read_phone
        default = self.workspace.default_country
        return Submission(
            name=self.cleaned_data["name"],
            phone=read.number,
            older_phones=phones.older_spellings(read, country=default),
            email=self.email_of_person(),
            goal=self.cleaned_data.get("goal", ""),
        )

    def email_of_person(self) -> str:
        """Return the address with which the agent may book, "" where there is none."""
        return str(self.cleaned_data.get("email", ""))


class LeadForm(PhoneForm):
    """A person who is to be contacted."""

    email = AddressField(required=False, max_length=EMAIL.longest, label="E-mail")
    goal = forms.CharField(
        required=False,
        max_length=GOAL.longest,
        label="Goal",
        help_text="What the person wants. The agent knows it from the beginning.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["name", "phone", "country", "email", "goal", "consent"]

    agreed = "This person has agreed to be {done} by us"
    not_agreed = "Only who has agreed may be {done}. Tick this if they have."


class MemberCallForm(PhoneForm):
    """A member's own number. by: the member, whose address the agent may book with."""

    agreed = "This is my own number, and I agree to be {done} by the agent"
    not_agreed = "Tick this to be {done}."

    def __init__(self, data: Any = None, *, workspace: Workspace, by: User, **initial: str):
        super().__init__(data, workspace=workspace, **initial)
        self.by = by
        self.fields["name"].label = "Your name"
        self.fields["phone"].label = "Your phone"

    def email_of_person(self) -> str:
        return self.by.email
