"""Vapi: calls are placed with the workspace's account there."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms

from coachbot.providers.vapi.account import verify_account
from coachbot.providers.vapi.assistant.resources import Choice
from coachbot.providers.vapi.client import Account
from workspaces.connections import vapi_setup
from workspaces.connections.assistant import entered_key
from workspaces.connections.assistant.choices import Choices
from workspaces.connections.connection import Connection, Words
from workspaces.connections.forms.account_form import AccountForm, SecretField
from workspaces.models import Channel, CredentialKind


class IdField(forms.UUIDField):
    """An id of Vapi's: a UUID, as text."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value))


IDS = ("assistant_id", "phone_number_id")


class VapiForm(AccountForm):
    """The Vapi account: first its key, then what is chosen with it, or typed.

    entered: a key that was entered and is not stored yet, and carried: the same as the page may
    hold it. choices: what there is to choose from.
    """

    page_template = "workspaces/settings/_vapi_form.html"

    api_key = SecretField(
        label="Private API key", missing="Enter the private API key of the Vapi organization."
    )
    assistant_id = IdField(label="Assistant id")
    phone_number_id = IdField(
        label="Phone number id", help_text="The id that Vapi gives the number, not the number."
    )

    def __init__(
        self,
        *args: Any,
        stored: Account | None,
        entered: str = "",
        carried: str = "",
        choices: Choices | None = None,
        **options: Any,
    ):
        known = _with_key(stored, entered)
        super().__init__(*args, stored=known, **options)
        self.carried_key, self.choices = carried, choices
        self.asks_key_first = not (stored or choices)
        self.is_typed = any(self.data.get(self.add_prefix(name)) for name in IDS)
        if entered:
            ending = f"The key that you entered ends in {entered[-4:]}."
            self.fields["api_key"].help_text = ending
        if choices:
            self._let_choose("assistant_id", "Assistant", choices.assistants)
            self._let_choose("phone_number_id", "Phone number", choices.phone_numbers)

    @classmethod
    def posted(
        cls, data: Mapping[str, Any], *, stored: Any, workspace_id: int, user_id: int
    ) -> Self:
        """Return the form; a key that was entered on the page before counts as entered here."""
        carried = "" if data.get("api_key") else str(data.get("carried_key", ""))
        who = {"workspace_id": workspace_id, "user_id": user_id}
        entered = entered_key.taken_from(carried, **who) if carried else ""
        return cls(data, stored=stored, entered=entered, carried=carried if entered else "")

    def keep_errors_of_key(self) -> None:
        """Forget what is wrong with the rest, which is asked for later."""
        for name in [name for name in self.errors if name != "api_key"]:
            del self.errors[name]

    def _let_choose(self, name: str, label: str, found: list[Choice]) -> None:
        """Have a field be a list. What is stored and not in it stays in it."""
        field = self.fields[name]
        rows = [(one.id, one.name) for one in found]
        now = str(self.initial.get(name) or "")
        if now and now not in dict(rows):
            rows.append((now, f"{now} (not in Vapi's list)"))
        if len(rows) == 1:
            self.initial = {**self.initial, name: rows[0][0]}
        field.label, field.help_text = label, ""
        field.widget = forms.Select(choices=[*([] if now else [("", "Choose…")]), *rows])
        field.widget.is_required = True


def _with_key(stored: Account | None, entered: str) -> Account | None:
    """Return what the form begins with. Another key is of another organization, perhaps."""
    return Account(entered, "", "") if entered else stored


VAPI = Connection(
    kind=CredentialKind.VAPI,
    account_type=Account,
    form=VapiForm,
    verify=verify_account,
    events_url=vapi_setup.events_url,
    tool_urls=vapi_setup.tool_urls,
    words=Words(
        title="Vapi account",
        purpose="Calls are placed with it.",
        dashboard_url="https://dashboard.vapi.ai",
        save="Save the account",
        saved="The Vapi account is saved.",
        verify="Verify",
        verify_note="Asks Vapi whether the stored key, assistant and phone number are right, "
        "whether the assistant reports to Coachbot and has its tools, and whether Vapi asks "
        "Coachbot who calls back.",
        without="Nobody can be called any more: submissions are refused until an account is "
        "entered. Calls that are going on go on.",
    ),
    channel=Channel.VOICE,
)
