"""/sandbox/phone: the lead's telephone, and the place of Twilio's console, in a browser.

It shows what each lead was sent and wrote, and every webhook; a person writes there as the lead.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

from coachbot.sandbox.messages import HTML, Reply, Request, text_reply
from coachbot.sandbox.twilio.addresses import number_of
from coachbot.sandbox.twilio.leads.inbox import Inbox
from coachbot.sandbox.twilio.leads.shapes import SHAPES, Said
from coachbot.sandbox.twilio.memory import Account, Memory, Message
from coachbot.sandbox.twilio.pages import looks
from coachbot.sandbox.twilio.webhooks.telling import Teller, Told

PATH = "/sandbox/phone"
HOURS = 25
MOST_TOLD = 60
# What a button sends: its name, and the words on it.
BUTTONS = {
    "voice": "Voice note",
    "picture": "Picture",
    "location": "Location",
    "contact": "Contact",
    "button": "Button of the template",
    "stop": "STOP",
    "start": "START",
    "later": f"{HOURS} hours later",
    "alone": "Let it answer by itself",
}


class Phone:
    """Answers at this address."""

    def __init__(self, memory: Memory, inbox: Inbox, teller: Teller) -> None:
        self._memory, self._inbox, self._teller = memory, inbox, teller

    def answer(self, request: Request) -> Reply:
        """The page, or what was done on it, which leads back to it."""
        if request.method != "POST":
            return self._page(request.query)
        entered = parse_qs((request.body or b"").decode("utf-8", "replace"))
        told = {name: values[0].strip() for name, values in entered.items()}
        said = self._do(told)
        place = {"account": told.get("account", ""), "lead": told.get("lead", ""), "said": said}
        kept = urlencode({name: value for name, value in place.items() if value})
        return Reply(303, headers={"Location": f"{PATH}?{kept}"})

    def _do(self, told: Mapping[str, str]) -> str:
        """Do what a form asks for; what is to be said of it."""
        sid, deed = told.get("account", ""), told.get("deed", "write")
        if not sid.startswith("AC"):
            return "Enter an account SID, which begins with AC."
        account = self._memory.account(sid)
        if deed == "set_up":
            return self._set_up(account, told)
        lead = _address(told.get("lead", ""))
        if not lead:
            return "Enter the number of the lead, such as +447700900110."
        if deed == "later":
            sender = account.sender or account.own_sender
            self._memory.age(sid, sender, lead, timedelta(hours=HOURS))
            return f"For Twilio, {HOURS} hours passed since the lead wrote."
        if deed == "alone":
            self._memory.take_over(sid, lead, by_hand=False)
            return "The lead answers by itself from now on."
        return self._write(account, lead, deed, told.get("body", ""))

    def _set_up(self, account: Account, told: Mapping[str, str]) -> str:
        account.token = told.get("token") or account.token
        changed: dict[str, Any] = {"inbound_url": told.get("inbound_url", "")}
        if sender := _address(told.get("sender", "")):
            changed["senders"] = tuple(dict.fromkeys((*account.senders, sender)))
        self._memory.set(account.sid, **changed)
        return "Saved, as in Twilio's console."

    def _write(self, account: Account, lead: str, deed: str, body: str) -> str:
        said = _said(deed, body)
        if said is None:
            return "Write something first."
        if not account.inbound_url:
            return "Nobody is told yet: enter the address for incoming messages below."
        self._memory.take_over(account.sid, lead, by_hand=True)
        written = self._inbox.write(account, lead, said)
        status = written.answers[0] if written.answers else 0
        return "" if status == 200 else f"Coachbot answered {status or 'nothing'} to the webhook."

    def _page(self, query: Mapping[str, str]) -> Reply:
        accounts = self._memory.accounts()
        sid = query.get("account") or (accounts[0].sid if len(accounts) == 1 else "")
        if not sid:
            return text_reply(200, looks.start(accounts, query.get("said", "")), HTML)
        account = self._memory.account(sid)
        messages = self._memory.of(sid)
        lead = _address(query.get("lead", "")) or _latest(messages)
        view = looks.View(
            account=account,
            lead=lead,
            others=_leads(messages),
            messages=[one for one in messages if lead_of(one) == lead],
            window_until=self._window(account, lead),
            is_open=self._is_open(account, lead),
            is_by_hand=self._memory.is_by_hand(sid, lead),
            webhooks=self._told(sid, lead),
            said=query.get("said", ""),
        )
        return text_reply(200, looks.page(view, BUTTONS), HTML)

    def _window(self, account: Account, lead: str) -> Any:
        sender = account.sender or account.own_sender
        return self._memory.window_until(account.sid, sender, lead)

    def _is_open(self, account: Account, lead: str) -> bool:
        return self._memory.is_open(account.sid, account.sender or account.own_sender, lead)

    def _told(self, sid: str, lead: str) -> list[Told]:
        told = [
            one
            for one in list(self._teller.told)
            if one.account_sid == sid and lead in map(number_of, _ends(one.fields))
        ]
        return told[: -MOST_TOLD - 1 : -1]


def lead_of(message: Message) -> str:
    """The `whatsapp:+...` of the lead in a message."""
    return number_of(message.from_ if message.is_inbound else message.to)


def _ends(fields: Mapping[str, str]) -> tuple[str, str]:
    return fields.get("From", ""), fields.get("To", "")


def _said(deed: str, body: str) -> Said | None:
    shapes: dict[str, Callable[[], Said]] = {
        "stop": lambda: Said("STOP"),
        "start": lambda: Said("START"),
        "picture": lambda: Said(body, shape="picture"),
    }
    if deed in shapes:
        return shapes[deed]()
    if deed in SHAPES and deed != "text":
        return Said(body, shape=deed)
    return Said(body) if body else None


def _address(number: str) -> str:
    digits = "".join(character for character in number if character in "+0123456789")
    return f"whatsapp:{digits}" if digits.startswith("+") and len(digits) > 7 else ""


def _leads(messages: list[Message]) -> list[str]:
    """Those who wrote or were written to, the latest first."""
    return list(dict.fromkeys(lead_of(one) for one in reversed(messages)))


def _latest(messages: list[Message]) -> str:
    return lead_of(messages[-1]) if messages else ""
