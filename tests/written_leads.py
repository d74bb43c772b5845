"""Leads that are written to, with messages of every kind and state: what pages have to show.

Nobody is asked about their accounts; tests/written.py has some at the sandbox.
"""

import secrets
from datetime import timedelta

from django.utils import timezone

from leads.models import Activity, Lead, Message, ToolCall
from tests.factories import (
    make_conversation,
    make_lead,
    make_message,
    make_phone,
    make_user,
    make_workspace,
)
from tests.written import connect, make_twilio_account
from workspaces.models import Workspace

ARABIC = "مرحبا، أريد أن أعرف السعر من فضلك"
# It turns around what stands beside it, in pages that let it.
TURNING = "\u202e\u2066evil\u2069 <img src=x onerror=alert(1)>"
PLACE = {"place": {"label": "Big Ben", "latitude": "51.5007", "longitude": "-0.1246"}}
VARIABLES = {"template": "opener", "variables": {"1": "Jane", "2": "Acme", "3": "a plan for 12"}}


def make_written_workspace(**fields) -> Workspace:
    """Make a workspace that is connected, as far as is stored."""
    workspace = make_workspace(channel="whatsapp", **fields)
    make_connected(workspace)
    return workspace


def make_connected(workspace: Workspace, *, follow_up: bool = True) -> None:
    """Connect a workspace. follow_up: whether it has a template for later messages."""
    template = f"HX{secrets.token_hex(16)}" if follow_up else ""
    connect(workspace, make_twilio_account(follow_up_content_sid=template))


def make_written_lead(workspace: Workspace, **fields) -> Lead:
    """Make a lead whose conversation has one of everything, the latest a minute ago."""
    lead = make_lead(workspace, **{"status": "in_conversation", **fields})
    begun = timezone.now() - timedelta(hours=26)
    conversation = make_conversation(
        lead,
        message_count=20,
        last_inbound_at=timezone.now() - timedelta(hours=1),
        window_until=timezone.now() + timedelta(hours=22, minutes=50),
    )
    member = make_user(workspace)
    for place, (author, body, more) in enumerate(messages(member)):
        next_day = timedelta(hours=25 if place > 3 else 0)
        at = begun + next_day + timedelta(minutes=place)
        make_message(conversation, body, author=author, created_at=at, **more)
    make_events(conversation, member, begun + timedelta(hours=25, minutes=8, seconds=30))
    return lead


def messages(member):
    """Return of each message the author, the text, and what else is to be seen of it."""
    of_member = {"member": member}
    return (
        ("agent", "", {"kind": "template", "purpose": "opener", "details": VARIABLES}),
        ("lead", "Hello! Yes, I asked.\nWhat does it cost for 12 people?", {}),
        ("agent", "It is £149 a month for each.", {"status": "read"}),
        ("agent", "When would you have time for a call?", {"status": "delivered"}),
        ("lead", "x" * 1_600, {}),
        ("lead", "", {"kind": "audio"}),
        ("lead", "My desk", {"kind": "image"}),
        ("lead", "", {"kind": "location", "details": PLACE}),
        ("lead", "", {"kind": "contacts"}),
        ("lead", "Tuesday, please", {"kind": "button"}),
        ("lead", ARABIC, {}),
        ("lead", TURNING, {}),
        ("agent", "Sent, not delivered yet.", {"status": "sent"}),
        ("person", "This is Ann.", of_member),
        ("agent", "Never arrived.", {"status": "failed", "error_code": "63016"}),
        ("agent", "Not on WhatsApp.", {"status": "undelivered", "error_code": "63003"}),
        ("agent", "Nobody knows.", {"status": "unknown", "may_be_double": True}),
        ("person", "Held.", {"status": "not_sent", "error_code": "do_not_call", **of_member}),
        ("agent", "On its way.", {"status": "pending"}),
    )


def make_events(conversation, member, at) -> None:
    """Make a tool call and a note, at a moment of the conversation."""
    ToolCall.objects.create(
        conversation=conversation,
        tool_call_id=secrets.token_hex(4),
        name="listSlots",
        answer="Tuesday 13:00",
        lease_until=at,
        created_at=at,
    )
    Activity.objects.create(
        lead=conversation.lead,
        code="noted",
        author=member,
        author_name=member.email,
        text="Wants <b>mornings</b>.",
        created_at=at + timedelta(seconds=10),
    )


def make_stranger(workspace: Workspace, body: str = "Hi, who is this?", **fields):
    """Make a message of somebody whom nobody knows."""
    return Message.objects.create(
        workspace=workspace,
        author="lead",
        status="received",
        body=body,
        **{"sender": f"whatsapp:{make_phone()}", "sender_name": "Sam", **fields},
    )
