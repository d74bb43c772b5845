"""Rows that tests need: keyword arguments, sensible defaults, names that never collide."""

import itertools
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from coachbot.providers.transport import Door
from coachbot.providers.vapi import client as vapi
from leads.calls.placing import opening
from leads.contact import gate
from leads.models import Call, Conversation, Lead, Message, RefusedSubmission
from workspaces import api_keys
from workspaces.connections import credentials
from workspaces.models import (
    Channel,
    Invitation,
    Membership,
    Preset,
    Role,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    Workspace,
)
from workspaces.settings import onboarding
from workspaces.webhooks import signing

_numbers = itertools.count(secrets.randbelow(10**6))


@dataclass(frozen=True)
class Cast:
    """A workspace, its key in plain text, and its account at the sandbox of Vapi."""

    workspace: Workspace
    key: str
    vapi_key: str
    sandbox: object

    def placed(self) -> list:
        """Return the calls that Vapi placed for this workspace."""
        return self.sandbox.providers["vapi"].placed(self.vapi_key)


def make_cast(sandbox, **fields) -> Cast:
    """Make a connected workspace with a key."""
    account = make_account()
    workspace = make_workspace(vapi_account=account, **fields)
    return Cast(workspace, make_key(workspace), account.api_key, sandbox)


def make_account(**fields) -> vapi.Account:
    """Return an account at the sandbox that no other test uses."""
    ids = {"assistant_id": str(uuid.uuid4()), "phone_number_id": str(uuid.uuid4())}
    return vapi.Account(**{"api_key": f"sandbox-{secrets.token_hex(8)}", **ids, **fields})


def make_workspace(*, vapi_account=None, channel=Channel.VOICE, **fields) -> Workspace:
    """Make a workspace; `is_paused` and the like go into the row."""
    workspace, _ = onboarding.create_workspace(
        slug=f"test-{secrets.token_hex(6)}",
        name="Test Studio",
        channel=channel,
        vapi_account=vapi_account,
    )
    for name, value in fields.items():
        setattr(workspace, name, value)
    workspace.save()
    return workspace


def make_key(workspace: Workspace, name: str = "test", preset: str = Preset.FULL) -> str:
    """Make an API key that may do everything, or what a preset says. Return it in plain text."""
    return api_keys.issue_key(workspace=workspace, name=name, preset=preset)[1]


def make_user(workspace: Workspace | None = None, role=Role.OWNER, **fields) -> User:
    """Make a user, a member of a workspace where one is given."""
    user = User.objects.create_user(f"{secrets.token_hex(6)}@example.com", **fields)
    if workspace:
        Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def make_invitation(workspace: Workspace, **fields) -> Invitation:
    """Make an open invitation, sent by an owner who is made for it."""
    defaults = {
        "email": f"{secrets.token_hex(6)}@example.com",
        "role": Role.AGENT,
        "token_digest": secrets.token_hex(32),
        "expires_at": timezone.now() + timedelta(days=7),
    }
    inviter = fields.pop("inviter", None) or make_user(workspace).memberships.get()
    return Invitation.objects.create(workspace=workspace, inviter=inviter, **{**defaults, **fields})


def make_webhook(workspace: Workspace, **fields) -> WebhookEndpoint:
    """Make an endpoint without a look-up of its host."""
    url = f"https://example.com/events/{secrets.token_hex(6)}"
    endpoint = WebhookEndpoint.objects.create(workspace=workspace, **{"url": url, **fields})
    signing.seal_secrets(endpoint, signing.new_secret())
    endpoint.save()
    return endpoint


def make_delivery(endpoint: WebhookEndpoint, lead: Lead | None = None, **fields) -> WebhookDelivery:
    """Make an event about a lead, which was delivered to an endpoint."""
    now = timezone.now()
    of_lead = {"lead_id": lead.pk, "sequence": next(_numbers) + 1} if lead else {}
    event = WebhookEvent.objects.create(
        workspace=endpoint.workspace, type="lead.created", body="{}", created_at=now, **of_lead
    )
    ended = {"state": "delivered", "ended_at": now, "due_at": now, "created_at": now}
    return WebhookDelivery.objects.create(
        workspace=endpoint.workspace, endpoint=endpoint, event=event, **of_lead, **ended | fields
    )


def make_phone(ending: str = "00") -> str:
    """Return a phone number not used before. ending: the sandbox's two digits."""
    return f"+4479{next(_numbers) % 10**6:06d}{ending}"


def make_lead(workspace: Workspace, **fields) -> Lead:
    """Make an accepted lead without a call."""
    defaults = {
        "channel": workspace.channel,
        "name": "Jane Doe",
        "phone": make_phone(),
        "consent_at": timezone.now(),
        "accepted_at": timezone.now(),
    }
    return Lead.objects.create(workspace=workspace, **{**defaults, **fields})


def make_refused(workspace: Workspace, **fields) -> RefusedSubmission:
    """Make a submission whose call was refused."""
    defaults = {
        "name": "Jane Doe",
        "phone": make_phone(),
        "consent_at": timezone.now(),
        "lead_id": uuid.uuid4(),
        "error_code": "vapi.no_balance",
    }
    return RefusedSubmission.objects.create(workspace=workspace, **{**defaults, **fields})


def make_call(lead: Lead, **fields) -> Call:
    """Make a call to a lead that is over."""
    return make_calls(lead, 1, **fields)[0]


def make_calls(lead: Lead, number: int, **fields) -> list[Call]:
    """Make so many calls to a lead that are all over."""
    defaults = {"status": "ended", "lease_until": timezone.now(), "conclusive_at": timezone.now()}
    return Call.objects.bulk_create(
        Call(workspace=lead.workspace, lead=lead, **{**defaults, **fields}) for _ in range(number)
    )


def abandon_call(workspace: Workspace, *, placed: bool) -> Call:
    """Make a call whose process died 40 seconds ago, before or after Vapi placed it.

    VAPI_BASE_URL of this process has to be that of the sandbox.
    """
    call = open_call(make_lead(workspace, accepted_at=None), request_id="test")
    if placed:
        account = credentials.vapi_account(workspace.pk)
        person = vapi.Person(call.lead.name, call.lead.phone, "", "", {}, {})
        payload = vapi.call_payload(account, person, attempt_id=str(call.pk), ids={})
        vapi.create_call(Door(), account, payload, timeout=5)
    then = timezone.now() - timedelta(seconds=40)
    soon_after = then + timedelta(seconds=30)
    Call.objects.filter(pk=call.pk).update(
        created_at=then, lease_until=soon_after, conclusive_at=soon_after
    )
    return call


def open_call(lead, *, request_id="test") -> Call:
    """Write down that a lead is about to be called, once the gate has let it pass."""
    assert gate.ask(lead) is None
    return opening.open_call(lead, request_id=request_id)


def make_conversation(lead: Lead, **fields) -> Conversation:
    """Make the written conversation with a lead."""
    return Conversation.objects.create(lead=lead, channel=Channel.WHATSAPP, **fields)


def make_message(conversation: Conversation, body: str = "", *, author="lead", **fields) -> Message:
    """Make a message: the lead's own, or one of ours that was delivered."""
    defaults = {"status": "received"}
    if author != "lead":
        defaults = {"status": "delivered", "purpose": "reply" if author == "agent" else "by_hand"}
    return Message.objects.create(
        workspace=conversation.lead.workspace,
        conversation=conversation,
        author=author,
        body=body,
        **{**defaults, **fields},
    )
