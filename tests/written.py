"""A whatsapp workspace of a test: its accounts at the sandbox, and the worker's part."""

import secrets
from dataclasses import dataclass
from typing import Any

from coachbot.providers.openai.client import Account as OpenAIAccount
from coachbot.providers.twilio.client import Account as TwilioAccount
from leads.messages import sending
from leads.models import Conversation, Lead, Message
from tests.client import Api
from tests.factories import make_key, make_workspace
from workspaces.connections import credentials
from workspaces.models import CredentialKind, Workspace


@dataclass
class Written:
    """The workspace, the account that sends for it, and who stands for Twilio."""

    workspace: Workspace
    account: TwilioAccount
    sandbox: Any
    api: Api

    @property
    def twilio(self):
        return self.sandbox.providers["twilio"]

    def submit(self, **fields) -> Lead:
        """Take a lead in by the API. Return it."""
        answer = self.api.submit(**fields)
        assert answer.status_code == 201, answer.text
        return Lead.objects.select_related("workspace").get(pk=answer.json()["leadId"])

    def send(self, lead: Lead) -> list[Message]:
        """Do the worker's part: send what is pending. Return the messages with the lead."""
        for conversation in self.conversations(lead):
            sending.send_pending(conversation)
        return self.messages(lead)

    def conversations(self, lead: Lead):
        return Conversation.objects.select_related("lead__workspace").filter(lead=lead)

    def conversation(self, lead: Lead) -> Conversation:
        return self.conversations(lead).get()

    def messages(self, lead: Lead) -> list[Message]:
        return list(Message.objects.filter(conversation__lead=lead).in_order())

    def sent(self, lead: Lead) -> list:
        """Return what Twilio accepted for a lead, oldest first."""
        to = f"whatsapp:{lead.phone}"
        return [one for one in self.twilio.sent(self.account.account_sid) if one.to == to]

    def write(self, lead: Lead, body: str = "", **said) -> str:
        """Let the lead write, and wait until that is delivered. Return Twilio's id."""
        return self.twilio.write(self.account.account_sid, lead.phone, body, **said)

    def setup(self, **settings) -> None:
        """Change what the owner of the account has set up at Twilio."""
        self.twilio.memory.set(self.account.account_sid, **settings)


def make_twilio_account(**fields) -> TwilioAccount:
    """Return an account at the sandbox that no other test uses."""
    return TwilioAccount(
        **{
            "account_sid": f"AC{secrets.token_hex(16)}",
            "auth_token": secrets.token_hex(16),
            "from_": f"whatsapp:+1555{secrets.randbelow(10**7):07d}",
            "opener_content_sid": f"HX{secrets.token_hex(16)}",
            "follow_up_content_sid": "",
            **fields,
        }
    )


def make_written(sandbox, web, *, follow_up=False, account=None, model_key="", **fields) -> Written:
    """Make a connected workspace. follow_up: whether it has a template for later messages."""
    more = {"follow_up_content_sid": f"HX{secrets.token_hex(16)}"} if follow_up else {}
    account = account or make_twilio_account(**more)
    workspace = make_workspace(channel="whatsapp", **fields)
    connect(workspace, account, model_key)
    written = Written(workspace, account, sandbox, Api(web.base_url, make_key(workspace)))
    # Its leads answer where the test says so.
    written.setup(plays=False, inbound_url=f"{web.base_url}/api/whatsapp/{workspace.slug}/inbound")
    written.twilio.memory.account(account.account_sid).token = account.auth_token
    written.twilio.memory.account(account.account_sid).sender = account.from_
    return written


def connect(workspace: Workspace, account: TwilioAccount, model_key: str = "") -> None:
    """Store both accounts that a written channel needs."""
    credentials.store_account(workspace, CredentialKind.TWILIO, account, secret="auth_token")
    model = OpenAIAccount(api_key=model_key or f"sk-{secrets.token_hex(8)}")
    credentials.store_account(workspace, CredentialKind.OPENAI, model)
    workspace.refresh_from_db()
