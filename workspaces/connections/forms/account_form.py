"""What the forms of all providers have in common: the secret, which is never shown again."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator

from workspaces.connections.connection import Account

LONGEST_SECRET = 200
# It goes into a header as it is.
PLAIN = RegexValidator(
    r"^[!-~]*\Z", "Enter it as the provider shows it: letters, digits and signs, without spaces."
)


class SecretField(forms.CharField):
    """A key or token. missing: what is said where there is none."""

    def __init__(self, *, missing: str, **options: Any):
        super().__init__(
            max_length=LONGEST_SECRET,
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            error_messages={"required": missing},
            validators=[PLAIN],
            **options,
        )

    def keep(self, secret: str) -> None:
        """Let it be left empty, because a secret is stored already."""
        self.required = False
        self.help_text = f"The stored key ends in {secret[-4:]}. Leave empty to keep it."

    def ask_again(self) -> None:
        """Say that what was typed is gone: a secret is never sent back to a page."""
        self.help_text = f"What you typed here is not shown again. Type it anew. {self.help_text}"


class AccountForm(forms.Form):
    """An account at a provider. Its fields are those of the account's dataclass.

    stored: the account that is filled in, whose secret stays where none is entered; or None.
    A subclass sets `prefix`: the page shows several of these forms, with fields called alike.
    page_template: how the page shows it.
    """

    page_template = "workspaces/settings/_account_form.html"

    def __init__(self, *args: Any, stored: Account | None, **options: Any):
        options["initial"] = vars(stored) if stored else None
        super().__init__(*args, **options)
        self.stored = stored
        for name, field in self.fields.items():
            if stored and isinstance(field, SecretField):
                field.keep(getattr(stored, name))
            if isinstance(field, SecretField) and self.data.get(self.add_prefix(name)):
                field.ask_again()

    @classmethod
    def posted(
        cls, data: Mapping[str, Any], *, stored: Account | None, workspace_id: int, user_id: int
    ) -> Self:
        """Return the form with what a member sent from the page."""
        return cls(data, stored=stored)

    @classmethod
    def secrets(cls) -> list[str]:
        """Return the names of the fields that are never shown."""
        return [name for name, field in cls.base_fields.items() if isinstance(field, SecretField)]

    def entered(self) -> dict[str, Any]:
        """Return the fields of the validated account, the kept secret among them."""
        kept = {
            name: getattr(self.stored, name)
            for name in self.secrets()
            if not self.cleaned_data[name]
        }
        return {**self.cleaned_data, **kept}
