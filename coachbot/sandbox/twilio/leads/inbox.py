"""A lead writes: the message is kept, and the account's webhook is posted."""

import threading
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from coachbot.sandbox.twilio.leads.shapes import Said, fields_of
from coachbot.sandbox.twilio.memory import Account, Memory, Message
from coachbot.sandbox.twilio.webhooks.telling import Teller


@dataclass(frozen=True)
class Written:
    """A message of a lead: its id, and what was answered to each of its webhooks."""

    sid: str
    answers: tuple[int, ...]

    def shown(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)


class Inbox:
    """Takes what leads write."""

    def __init__(self, memory: Memory, teller: Teller) -> None:
        self._memory, self._teller = memory, teller

    def write(self, account: Account, lead: str, said: Said, *, sender: str = "") -> Written:
        """A lead (`whatsapp:+...`) writes to a sender, or the account's last one. Waits until it is
        delivered.
        """
        sender = sender or account.sender or account.own_sender
        lead = said.address or lead
        fields = fields_of(account.sid, lead, sender, said)
        message = self._keep(account, lead, sender, fields, said)
        if not said.delivered or not account.inbound_url:
            return Written(message.sid, ())
        answers: list[int] = []

        def post() -> None:
            url = account.inbound_url
            answers.append(self._teller.tell(account, url, fields, signs=said.signing))

        threads = [threading.Thread(target=post, daemon=True) for _ in range(said.times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Written(message.sid, tuple(answers))

    def _keep(
        self, account: Account, lead: str, sender: str, fields: dict[str, str], said: Said
    ) -> Message:
        """Keep it, unless one with its id is there."""
        if there := self._memory.find(account.sid, fields["MessageSid"]):
            return there
        now = self._memory.now()
        written = now - timedelta(seconds=said.age)
        message = Message(
            account_sid=account.sid,
            sid=fields["MessageSid"],
            direction="inbound",
            from_=fields["From"],
            to=sender,
            body=fields["Body"],
            status="received",
            created=written,
            shown_from=now + timedelta(seconds=account.settings.list_lag),
            num_media=int(fields["NumMedia"]),
            sent=written,
            fields=fields,
        )
        self._memory.add(message, lead=lead)
        return message
