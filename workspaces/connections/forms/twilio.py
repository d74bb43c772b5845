"""Twilio: WhatsApp messages are sent from the workspace's number, and come to it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from coachbot.providers.twilio.account import verify_account
from coachbot.providers.twilio.asking import Account
from workspaces.connections import twilio_setup
from workspaces.connections.connection import Connection, Words
from workspaces.connections.forms.account_form import AccountForm, SecretField
from workspaces.models import Channel, CredentialKind

SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# What people write between the digits of a number.
BETWEEN = re.compile(r"[\s().-]")


class SidField(forms.CharField):
    """An id of Twilio's: two letters that say of what, and 32 hexadecimal digits."""

    def __init__(self, begin: str, wrong: str, **options: Any):
        is_sid = RegexValidator(rf"^{begin}[0-9a-fA-F]{{32}}\Z", wrong)
        super().__init__(max_length=34, validators=[is_sid], **options)


class SenderField(forms.CharField):
    """A WhatsApp sender as Twilio names it, or a Messaging Service; also a bare number."""

    def clean(self, value: Any) -> str:
        text = BETWEEN.sub("", super().clean(value))
        if SERVICE.fullmatch(text):
            return text
        number = text.removeprefix("whatsapp:")
        if not NUMBER.fullmatch(number):
            raise ValidationError(
                "Enter the number with its country code, such as +447700900123, or the id of a "
                "Messaging Service, which begins with MG."
            )
        return f"whatsapp:{number}"


class TwilioForm(AccountForm):
    """The Twilio account, its sender, and the templates that may begin a conversation."""

    prefix = "twilio"

    account_sid = SidField(
        "AC",
        "Enter the account SID: AC and 32 letters and digits. The SID of an API key (SK) does not "
        "do, as Twilio signs nothing with it.",
        label="Account SID",
    )
    auth_token = SecretField(label="Auth token", missing="Enter the auth token of the account.")
    from_ = SenderField(
        max_length=60,
        label="Sender",
        help_text="The WhatsApp sender, such as +447700900123, or a Messaging Service (MG...).",
    )
    opener_content_sid = SidField(
        "HX",
        "Enter the SID of a content template: HX and 32 letters and digits.",
        label="Template of the first message",
        help_text="Its content SID (HX...). WhatsApp lets a business begin a conversation only by "
        "an approved template. {{1}} is the lead's name, {{2}} your business, {{3}} what the lead "
        "asked for.",
    )
    follow_up_content_sid = SidField(
        "HX",
        "Enter the SID of a content template: HX and 32 letters and digits.",
        label="Template of follow-ups",
        required=False,
        help_text="With the same three variables. Without it, who does not answer is written to "
        "once only.",
    )


TWILIO = Connection(
    kind=CredentialKind.TWILIO,
    account_type=Account,
    form=TwilioForm,
    verify=verify_account,
    events_url=twilio_setup.inbound_url,
    secret="auth_token",
    words=Words(
        title="Twilio account",
        purpose="WhatsApp messages are sent with it, and come in by it.",
        dashboard_url="https://console.twilio.com",
        save="Save the account",
        saved="The Twilio account is saved.",
        verify="Verify",
        verify_note="Asks Twilio whether account, sender and templates are right, and whether it "
        "sends Coachbot what leads write.",
        without="Nobody can be written to any more, and what leads write is not received: new "
        "leads are saved and wait until an account is entered.",
    ),
    channel=Channel.WHATSAPP,
)
