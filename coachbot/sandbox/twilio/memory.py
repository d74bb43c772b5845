"""Twilio's memory: accounts, their messages, and when each lead wrote last."""

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from coachbot.sandbox.clock import Clock
from coachbot.sandbox.twilio.settings import Settings

WINDOW = timedelta(hours=24)
VERSION = "2010-04-01"


@dataclass
class Account:
    """An account: its credentials, and what its owner set up.

    token: the one that it came with last; webhooks are signed with it. status_url: where it wants
    to hear of its messages, as its last message said. sender: whom it sent as last.
    all_inbound_url: where messages of leads go at all accounts that have set up nothing.
    """

    sid: str
    token: str = ""
    settings: Settings = field(default_factory=Settings)
    status_url: str = ""
    sender: str = ""
    all_inbound_url: str = ""

    @property
    def senders(self) -> tuple[str, ...]:
        """The senders that it has: those set up, or else the one it used and its own."""
        used = dict.fromkeys(filter(None, (self.sender, self.own_sender)))
        return self.settings.senders or tuple(used)

    @property
    def registered_url(self) -> str:
        """Where messages of leads go, as it was set up."""
        return self.settings.inbound_url or self.all_inbound_url

    @property
    def inbound_url(self) -> str:
        """Where messages of leads go: as set up, or beside where statuses go; "" if unknown."""
        told, _, _ = self.status_url.partition("?")
        learnt = f"{told.removesuffix('/status')}/inbound" if told.endswith("/status") else ""
        return self.settings.inbound_url or learnt or self.all_inbound_url

    @property
    def own_sender(self) -> str:
        """The sender that an account has from the beginning."""
        return f"whatsapp:+1555{int(self.sid[2:] or '0', 36) % 10**7:07d}"


@dataclass
class Message:
    """One message, in or out. shown_from: when the list holds it."""

    account_sid: str
    sid: str
    direction: str
    from_: str
    to: str
    body: str
    status: str
    created: datetime
    shown_from: datetime
    service_sid: str = ""
    content_sid: str = ""
    callback: str = ""
    num_media: int = 0
    updated: datetime | None = None
    sent: datetime | None = None
    error_code: int | None = None
    error: str | None = None
    # An inbound one: the fields of its webhook.
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_inbound(self) -> bool:
        """Whether a lead wrote it."""
        return self.direction == "inbound"

    def shown(self) -> dict[str, Any]:
        """Its body as the API has it."""
        uri = f"/{VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": VERSION,
            "body": self.body,
            "date_created": rfc(self.created),
            "date_sent": rfc(self.sent),
            "date_updated": rfc(self.updated or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": self.error,
            "from": self.from_ or None,
            "messaging_service_sid": self.service_sid or None,
            "num_media": str(self.num_media),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


class Memory:
    """All accounts and messages. Safe to use from many threads."""

    def __init__(self, now: Clock, inbound_url: str = "") -> None:
        self.now, self._inbound_url = now, inbound_url
        self._accounts: dict[str, Account] = {}
        self._messages: dict[str, list[Message]] = {}
        self._by_sid: dict[str, Message] = {}
        self._heard: dict[tuple[str, str, str], datetime] = {}
        self._attempts: dict[tuple[str, str], int] = {}
        self._by_hand: set[tuple[str, str]] = set()
        self._changing = threading.RLock()

    def account(self, sid: str) -> Account:
        """The account with this SID; every one exists."""
        with self._changing:
            return self._accounts.setdefault(sid, Account(sid, all_inbound_url=self._inbound_url))

    def accounts(self) -> list[Account]:
        """All that came so far."""
        with self._changing:
            return list(self._accounts.values())

    def set(self, sid: str, **changed: Any) -> Settings:
        """Change what an account's owner set up. Raises TypeError for an unknown name."""
        with self._changing:
            account = self.account(sid)
            account.settings = replace(account.settings, **changed)
            return account.settings

    def count_attempt(self, account_sid: str, to: str) -> int:
        """Remember that this account writes to this lead; 1 is the first time."""
        with self._changing:
            self._attempts[account_sid, to] = self._attempts.get((account_sid, to), 0) + 1
            return self._attempts[account_sid, to]

    def add(self, message: Message, *, lead: str = "") -> None:
        """Keep a message; one of a lead opens the window. lead: its `whatsapp:+...`."""
        with self._changing:
            self._messages.setdefault(message.account_sid, []).append(message)
            self._by_sid[message.sid] = message
            if message.is_inbound:
                key = (message.account_sid, message.to, lead)
                self._heard[key] = max(message.created, self._heard.get(key, message.created))

    def is_open(self, account_sid: str, sender: str, lead: str) -> bool:
        """Whether this lead wrote to this sender within the last 24 hours."""
        until = self.window_until(account_sid, sender, lead)
        return until is not None and self.now() < until

    def age(self, account_sid: str, sender: str, lead: str, by: timedelta) -> None:
        """Let all that this lead wrote to this sender be that much older."""
        with self._changing:
            if heard := self._heard.get((account_sid, sender, lead)):
                self._heard[account_sid, sender, lead] = heard - by

    def take_over(self, account_sid: str, lead: str, *, by_hand: bool) -> None:
        """Let a person write for this lead from now on, or the lead by itself again."""
        with self._changing:
            (self._by_hand.add if by_hand else self._by_hand.discard)((account_sid, lead))

    def is_by_hand(self, account_sid: str, lead: str) -> bool:
        """Whether a person writes for this lead."""
        return (account_sid, lead) in self._by_hand

    def window_until(self, account_sid: str, sender: str, lead: str) -> datetime | None:
        """Until when this lead can be written to freely; None if it never wrote."""
        heard = self._heard.get((account_sid, sender, lead))
        return heard + WINDOW if heard else None

    def find(self, account_sid: str, sid: str) -> Message | None:
        """One message of an account."""
        found = self._by_sid.get(sid)
        return found if found and found.account_sid == account_sid else None

    def of(self, account_sid: str) -> list[Message]:
        """All messages of an account, oldest first."""
        with self._changing:
            return list(self._messages.get(account_sid, ()))

    def move(self, message: Message, status: str, code: int | None, error: str | None) -> None:
        """Write down where a message stands now."""
        with self._changing:
            now = self.now()
            message.status, message.updated = status, now
            message.error_code, message.error = code, error
            if status == "sent":
                message.sent = now


def new_sid(prefix: str) -> str:
    """An id as Twilio makes them."""
    return f"{prefix}{secrets.token_hex(16)}"


def rfc(moment: datetime | None) -> str | None:
    """A time as the API spells it; None where there is none."""
    return format_datetime(moment) if moment else None
