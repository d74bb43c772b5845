"""Vapi: calls are placed with the workspace's account there."""

from typing import Any

from django import forms

from coachbot.providers.vapi.account import verify_account
from coachbot.providers.vapi.client import Account
from workspaces.connections import vapi_setup
from workspaces.connections.connection import Connection, Words
from workspaces.connections.forms.account_form import AccountForm, SecretField
from workspaces.models import Channel, CredentialKind


class IdField(forms.UUIDField):
    """An id of Vapi's: a UUID, as text."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value))


class VapiForm(AccountForm):
    """The Vapi account."""

    api_key = SecretField(
        label="Private API key", missing="Enter the private API key of the Vapi organization."
    )
    assistant_id = IdField(label="Assistant id")
    phone_number_id = IdField(
        label="Phone number id", help_text="The id that Vapi gives the number, not the number."
    )


VAPI = Connection(
    kind=CredentialKind.VAPI,
    account_type=Account,
    form=VapiForm,
    verify=verify_account,
    events_url=vapi_setup.events_url,
    words=Words(
        title="Vapi account",
        purpose="Calls are placed with it.",
        dashboard_url="https://dashboard.vapi.ai",
        save="Save the account",
        saved="The Vapi account is saved.",
        verify="Verify",
        verify_note="Asks Vapi whether the stored key, assistant and phone number are right, "
        "and whether it asks Coachbot who calls back.",
        without="Nobody can be called any more: submissions are refused until an account is "
        "entered. Calls that are going on go on.",
    ),
    channel=Channel.VOICE,
)
