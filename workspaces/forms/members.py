"""Forms of the members: who is added, and as what."""

from django import forms

from coachbot.visible import AddressField, folded
from workspaces.models import Role

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
