"""The language model: it thinks of what the agent writes."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from coachbot.providers.openai.account import verify_account
from coachbot.providers.openai.client import DEFAULT_MODEL, Account
from workspaces.connections.connection import Connection, Words
from workspaces.connections.forms.account_form import AccountForm, SecretField
from workspaces.models import Channel, CredentialKind


class ModelField(forms.CharField):
    """The name of a model; the usual one where nothing is entered."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value) or DEFAULT_MODEL)


class OpenAIForm(AccountForm):
    """The key of a language model, and which one it is."""

    prefix = "openai"

    api_key = SecretField(label="API key", missing="Enter an API key of the language model.")
    model = ModelField(
        max_length=100,
        required=False,
        label="Model",
        initial=DEFAULT_MODEL,
        validators=[RegexValidator(r"^[!-~]*\Z", "Enter the name as the provider writes it.")],
        help_text=f"Empty means {DEFAULT_MODEL}. It has to be able to use tools.",
    )


OPENAI = Connection(
    kind=CredentialKind.OPENAI,
    account_type=Account,
    form=OpenAIForm,
    verify=verify_account,
    words=Words(
        title="Language model",
        purpose="It thinks of what the agent writes. Messages of leads are sent to it.",
        dashboard_url="https://platform.openai.com",
        save="Save the model",
        saved="The language model is saved.",
        verify="Verify the model",
        verify_note="Asks the model a question that it has to answer with a tool; it costs a "
        "fraction of a cent.",
        without="The agent writes nothing any more: what leads write waits for a person.",
    ),
    channel=Channel.WHATSAPP,
)
