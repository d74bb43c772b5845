"""The sandbox's own addresses of an account, under its SID and token (HTTP Basic).

POST /sandbox/whatsapp changes its settings; GET shows them, its messages and its webhooks.
POST /sandbox/whatsapp/inbound writes as a lead: {"from": "+44...", "shape": "text", "body": "..."}
and other fields of shapes.Said, or a list of such, which come at the same moment.
POST /sandbox/whatsapp/later with {"from": "+44...", "hours": 25} lets them pass for what it wrote.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from coachbot.sandbox.clock import iso
from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.twilio.leads.inbox import Inbox, Written
from coachbot.sandbox.twilio.leads.shapes import SHAPES, Said
from coachbot.sandbox.twilio.memory import Account, Memory
from coachbot.sandbox.twilio.webhooks.telling import Teller

PATH = "/sandbox/whatsapp"
INBOUND = f"{PATH}/inbound"
LATER = f"{PATH}/later"


class Control:
    """Answers at these addresses."""

    def __init__(self, memory: Memory, inbox: Inbox, teller: Teller) -> None:
        self._memory, self._inbox, self._teller = memory, inbox, teller

    def change(self, request: Request, account: Account) -> Reply:
        """An object with some of the Settings in, all that is known of the account out."""
        try:
            wanted = json.loads(request.body or b"{}")
            if "senders" in wanted:
                wanted["senders"] = tuple(wanted["senders"])
            self._memory.set(account.sid, **wanted)
        except (ValueError, TypeError) as error:
            return _refusal(
                f"Send JSON with some of {', '.join(asdict(account.settings))}: {error}"
            )
        return self.show(request, account)

    def show(self, request: Request, account: Account) -> Reply:
        """All that is known of the account: settings, messages, webhooks."""
        told = [
            {"url": one.url, "fields": dict(one.fields), "status": one.status, "at": iso(one.at)}
            for one in list(self._teller.told)
            if one.account_sid == account.sid
        ]
        messages = [one.shown() for one in self._memory.of(account.sid)]
        known = {"settings": asdict(account.settings), "inbound_url": account.inbound_url}
        return json_reply({**known, "messages": messages, "webhooks": told})

    def write(self, request: Request, account: Account) -> Reply:
        """What one or more leads write; the id of each, and what its webhooks were answered."""
        try:
            wanted = json.loads(request.body or b"{}")
            wanted = wanted if isinstance(wanted, list) else [wanted]
            read = [_read(one) for one in wanted]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _refusal(f'Send {{"from": "+44...", "body": "..."}} as JSON: {error!r}')
        if not account.inbound_url and any(said.delivered for _, _, said in read):
            return _refusal("Say first, as inbound_url, where messages of leads go.")
        return json_reply({"written": [one.shown() for one in self.write_all(account, read)]})

    def write_all(self, account: Account, read: list[tuple[str, str, Said]]) -> list[Written]:
        """Let all of them come at the same moment. read: lead, sender, and what it says."""
        with ThreadPoolExecutor(max_workers=max(1, len(read))) as pool:
            return list(
                pool.map(
                    lambda one: self._inbox.write(account, one[0], one[2], sender=one[1]), read
                )
            )

    def pass_time(self, request: Request, account: Account) -> Reply:
        """{"from", "to", "hours"} in: what this lead wrote is that much older now."""
        try:
            wanted = json.loads(request.body or b"{}")
            hours = timedelta(hours=float(wanted["hours"]))
            lead, sender = _address(wanted["from"]), _address(wanted.get("to") or "")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _refusal(f'Send {{"from": "+44...", "hours": 25}} as JSON: {error!r}')
        sender = sender or account.sender or account.own_sender
        self._memory.age(account.sid, sender, lead, hours)
        return json_reply({"is_open": self._memory.is_open(account.sid, sender, lead)})


def _read(wanted: Mapping[str, Any]) -> tuple[str, str, Said]:
    told = {name: value for name, value in wanted.items() if name not in ("from", "to")}
    said = Said(**told)
    if said.shape not in SHAPES:
        raise ValueError(f"shape is one of {', '.join(SHAPES)}")
    return _address(wanted["from"]), _address(wanted.get("to") or ""), said


def _address(number: str) -> str:
    return number if not number or number.startswith("whatsapp:") else f"whatsapp:{number}"


def _refusal(message: str) -> Reply:
    return json_reply({"message": message}, 400)
