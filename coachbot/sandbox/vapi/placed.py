"""A call of Vapi's, as its API shows it and as the sandbox knows it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coachbot.sandbox.clock import iso

Body = dict[str, Any]
_ECHOED = (
    *("assistantId", "assistantVersion", "assistant", "assistantOverrides"),
    *("phoneNumberId", "phoneNumber", "customer", "name", "schedulePlan"),
)


@dataclass
class Call:
    """A placed call: its body as Vapi shows it, and what only the sandbox knows about it."""

    key: str
    body: Body
    created: datetime
    shown_from: datetime
    ending: str | None
    has_line: bool = True
    is_deleted: bool = False
    limits: Body = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id that Vapi would have given it."""
        return self.body["id"]


def another(call: Call, created: datetime) -> Call:
    """Return a call of the same org to somebody else, made at another moment."""
    created = to_milliseconds(created)
    person = {"number": "+447700900000", "externalId": str(uuid.uuid4())}
    body = {
        **{name: value for name, value in call.body.items() if name != "assistantOverrides"},
        **{"id": str(uuid.uuid4()), "createdAt": iso(created), "customer": person},
    }
    return Call(call.key, body, created, created, None)


def org_of(key: str) -> str:
    """API key in, id of its org out: every key is an org of its own."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def to_milliseconds(moment: datetime) -> datetime:
    """Return a moment as Vapi shows it."""
    # Clients only see milliseconds; finer times would make their createdAtGe miss the call itself.
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def call_body(org: str, submitted: Mapping[str, Any], created: str) -> Body:
    """The Call of section 2: what was sent, and what Vapi adds."""
    call_id = str(uuid.uuid4())
    monitor = f"monitor.sandbox.invalid/{call_id}"
    return {
        "id": call_id,
        "orgId": org,
        "type": "outboundPhoneCall",
        "status": "scheduled" if submitted.get("schedulePlan") else "queued",
        "createdAt": created,
        "updatedAt": created,
        "cost": 0,
        **{name: submitted[name] for name in _ECHOED if name in submitted},
        "phoneCallProvider": "twilio",
        "phoneCallProviderId": f"CA{uuid.uuid4().hex}",
        "phoneCallTransport": "pstn",
        "transport": {"provider": "twilio", "conversationType": "voice"},
        "monitor": {
            "listenUrl": f"wss://{monitor}/listen",
            "controlUrl": f"https://{monitor}/control",
        },
    }
