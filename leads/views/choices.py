"""What the forms of leads let members choose from."""

from collections.abc import Sequence

from django import forms

from leads.reading.lists import NOBODY
from workspaces.models import Membership


def owner_choices(memberships: Sequence[Membership], me: Membership) -> list[tuple[str, str]]:
    """Return nobody and the members of a workspace, the one who asks first, for a select."""
    others = [(str(member.pk), member.user.email) for member in memberships if member.pk != me.pk]
    return [(str(me.pk), f"{me.user.email} (you)"), *others, (NOBODY, "Nobody")]


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Give a field of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
