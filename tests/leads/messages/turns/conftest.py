"""A lead in a conversation with the agent; the worker's part is done here, when a test says so."""

import itertools
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from coachbot.providers.twilio.events import Inbound
from leads.messages.incoming import inbound
from leads.messages.turns import due
from leads.models import Conversation, Lead, Message, Turn
from tests.factories import make_lead, make_workspace
from tests.written import connect, make_twilio_account
from workspaces.connections import credentials
from workspaces.models import LogEntry, LogKind, Persona, Workspace

ZONE = "Europe/London"
_sids = itertools.count()


@dataclass
class Chat:
    """A lead, what it writes, and what the agent does about it."""

    workspace: Workspace
    lead: Lead
    account: Any
    sandbox: Any
    written: list[str] = field(default_factory=list)

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.select_related("lead__workspace").get(lead=self.lead)

    @property
    def model(self) -> Any:
        return self.sandbox.providers["openai"]

    @property
    def key(self) -> str:
        return credentials.openai_account(self.workspace.pk).api_key

    @property
    def asked(self) -> list[dict]:
        """What the model was asked, oldest first."""
        return self.model.asked.get(self.key, [])

    def writes(self, body: str = "", *, kind: str = "text", at: datetime | None = None) -> None:
        """Take a message of the lead in."""
        news = Inbound(
            sid=f"SM{next(_sids):032x}",
            account_sid=self.account.account_sid,
            service_sid="",
            from_=f"whatsapp:{self.lead.phone}",
            to=self.account.from_,
            external_user_id="",
            wa_id="",
            profile_name="Jane",
            body=body,
            kind=kind,
        )
        assert inbound.receive(self.workspace, news, at or timezone.now())

    def works(self) -> None:
        """Do what a worker does once it is due."""
        rows = Conversation.objects.filter(lead=self.lead, due_at__isnull=False)
        rows.update(due_at=timezone.now(), lease_until=None)
        conversation = self.conversation
        due.run.call_local(conversation.pk, conversation.fence)

    def says(self, body: str = "", **more: Any) -> str:
        """Let the lead write, and the agent answer. Return what it wrote, "" for nothing."""
        known = {message.pk for message in self.messages()}
        self.writes(body, **more)
        self.works()
        new = [m for m in self.messages() if m.author == "agent" and m.pk not in known]
        return "\n".join(message.body for message in new)

    def messages(self) -> list[Message]:
        return list(Message.objects.filter(conversation__lead=self.lead).in_order())

    def turns(self) -> list[Turn]:
        return list(Turn.objects.filter(conversation__lead=self.lead).order_by("created_at"))

    def status(self) -> tuple[str, str]:
        self.lead.refresh_from_db()
        return self.lead.status, self.lead.status_reason

    def sent(self) -> list:
        """What Twilio took for the lead."""
        to = f"whatsapp:{self.lead.phone}"
        twilio = self.sandbox.providers["twilio"]
        return [one for one in twilio.sent(self.account.account_sid) if one.to == to]

    def alerts(self) -> list[LogEntry]:
        return list(LogEntry.objects.filter(workspace=self.workspace, kind=LogKind.ALERT))

    def connect_calendar(self) -> calcom.Account:
        account = calcom.Account(f"cal_sandbox_{secrets.token_hex(8)}", 123400, ZONE)
        credentials.connect_calcom(self.workspace, account)
        return account


@pytest.fixture
def providers_here(sandbox, settings):
    """Let this process ask the sandbox."""
    settings.TWILIO_BASE_URL = sandbox.base_url
    settings.OPENAI_BASE_URL = f"{sandbox.base_url}/v1"
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"


@pytest.fixture
def make_chat(sandbox, providers_here):
    """Return a function that makes a workspace with a lead, written to a while ago."""

    def make(persona: dict | None = None, **fields: Any) -> Chat:
        account = make_twilio_account()
        workspace = make_workspace(channel="whatsapp")
        connect(workspace, account)
        twilio = sandbox.providers["twilio"].memory
        twilio.account(account.account_sid).token = account.auth_token
        twilio.account(account.account_sid).sender = account.from_
        twilio.set(account.account_sid, plays=False)
        if persona:
            Persona.objects.create(workspace=workspace, **persona)
        lead = make_lead(workspace, **fields)
        Conversation.objects.create(
            lead=lead, channel="whatsapp", created_at=timezone.now() - timedelta(minutes=5)
        )
        return Chat(workspace, lead, account, sandbox)

    return make


@pytest.fixture
def chat(make_chat):
    return make_chat(name="Jane Doe", goal="Lose weight")
