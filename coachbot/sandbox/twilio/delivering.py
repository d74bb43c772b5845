"""What becomes of a message that was accepted: its statuses, and what the lead answers."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.twilio.leads import scripts
from coachbot.sandbox.twilio.leads.inbox import Inbox
from coachbot.sandbox.twilio.leads.scripts import Talk
from coachbot.sandbox.twilio.leads.shapes import Said, external_id, number_of
from coachbot.sandbox.twilio.memory import Account, Memory, Message
from coachbot.sandbox.twilio.outcomes import Outcome
from coachbot.sandbox.twilio.services import contents
from coachbot.sandbox.twilio.settings import Signing, Telling
from coachbot.sandbox.twilio.webhooks.telling import Teller

CHARSET = "; charset=utf-8"
OUTSIDE_WINDOW = 63016
# By the status of a template: why nothing is sent by it any more.
OF_TEMPLATE = {"rejected": 63040, "paused": 63041, "disabled": 63042, "pending": 63040}
# After how many seconds which status comes.
PACE = {"queued": 0.1, "sent": 0.4, "delivered": 0.6, "read": 1.0, "failed": 0.5}
FINAL = ("failed", "undelivered")


class Stopped(Exception):
    """The sandbox stops."""


class Delivery:
    """Delivers messages, each on a thread of its own."""

    def __init__(self, conditions: Conditions, memory: Memory, teller: Teller, inbox: Inbox):
        self._conditions, self._memory = conditions, memory
        self._teller, self._inbox = teller, inbox
        self._stopping = threading.Event()

    def begin(self, account: Account, message: Message, outcome: Outcome) -> None:
        """Begin to deliver a message, and return at once."""
        self._start(lambda: self._deliver(account, message, outcome))

    def stop(self) -> None:
        """Leave everything where it is."""
        self._stopping.set()

    def _start(self, deed: Callable[[], None]) -> None:
        def perform() -> None:
            try:
                deed()
            except Stopped:
                return

        threading.Thread(target=perform, daemon=True).start()

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds * self._conditions.pace):
            raise Stopped

    def _deliver(self, account: Account, message: Message, outcome: Outcome) -> None:
        manner = account.settings.telling or outcome.telling
        held: list[tuple[str, int]] = []
        for status, code in self._course(account, message, outcome):
            self._wait(PACE.get(status, 0.5))
            self._memory.move(message, status, code or None, WORDS.get(code))
            if manner in (Telling.IN_ORDER, Telling.DOUBLED):
                self._tell(account, message, outcome, status, code)
            if manner == Telling.DOUBLED:
                self._tell(account, message, outcome, status, code)
            held.append((status, code))
        if manner == Telling.SHUFFLED:
            for status, code in reversed(held):
                self._tell(account, message, outcome, status, code)
        if manner == Telling.LATE:
            self._start(lambda: self._tell_late(account, message, outcome, held))
        if message.status not in FINAL and self._plays(account):
            self._let_answer(account, message, outcome)

    def _course(
        self, account: Account, message: Message, outcome: Outcome
    ) -> list[tuple[str, int]]:
        """The statuses that a message will have, each with the code of its error, or 0."""
        code = outcome.error or self._fault(account, message)
        begins = [("queued", 0)] if message.service_sid else []
        if outcome.after_sent:
            return [*begins, ("sent", 0), ("undelivered", code)]
        if code:
            return [*begins, ("failed", code)]
        reads = [("read", 0)] if outcome.reads else []
        return [*begins, ("sent", 0), ("delivered", 0), *reads]

    def _fault(self, account: Account, message: Message) -> int:
        if message.content_sid:
            return OF_TEMPLATE.get(contents.status_of(message.content_sid, account), 0)
        lead = number_of(message.to)
        is_open = self._memory.is_open(account.sid, message.from_, lead)
        return 0 if is_open else OUTSIDE_WINDOW

    def _tell_late(
        self, account: Account, message: Message, outcome: Outcome, held: list[tuple[str, int]]
    ) -> None:
        self._wait(account.settings.late_by)
        for status, code in held:
            self._tell(account, message, outcome, status, code)

    def _tell(
        self, account: Account, message: Message, outcome: Outcome, status: str, code: int
    ) -> None:
        if message.callback:
            fields = _fields(message, status, code)
            signs = "" if outcome.signing == Signing.RIGHT else outcome.signing
            self._teller.tell(account, message.callback, fields, charset=CHARSET, signs=signs)

    def _plays(self, account: Account) -> bool:
        wanted = account.settings.plays
        return self._conditions.plays_leads if wanted is None else wanted

    def _let_answer(self, account: Account, message: Message, outcome: Outcome) -> None:
        lead = number_of(message.to)
        talk = self._talk(account, lead)
        for place, said in enumerate(scripts.SCRIPTS[outcome.lead](talk)):
            self._wait(said.after)
            if not place and self._talk(account, lead).heard != talk.heard:
                return  # something newer came, and the lead answers that
            if self._memory.is_by_hand(account.sid, lead):
                return
            write = partial(self._write, account, message, said, outcome)
            # Without pauses nothing else keeps one message before the next.
            is_in_turn = said.after and not self._conditions.pace
            write() if is_in_turn else self._start(write)

    def _write(self, account: Account, message: Message, said: Said, outcome: Outcome) -> None:
        odd = {"NewFieldOfTwilio": "ünknown"} if outcome.extra else {}
        signing = "" if outcome.signing == Signing.RIGHT else outcome.signing
        said = replace(said, signing=signing, fields={**said.fields, **odd})
        self._inbox.write(account, number_of(message.to), said, sender=message.from_)

    def _talk(self, account: Account, lead: str) -> Talk:
        said = [one for one in self._memory.of(account.sid) if _is_with(one, lead)]
        heard = [one.body for one in said if not one.is_inbound and one.status not in FINAL]
        return Talk(heard, sum(one.is_inbound for one in said))


def _is_with(message: Message, lead: str) -> bool:
    return lead == number_of(message.from_ if message.is_inbound else message.to)


def _fields(message: Message, status: str, code: int) -> Mapping[str, str]:
    """The fields of a status callback (key sets as captured)."""
    fields = {
        "ChannelPrefix": "whatsapp",
        "ApiVersion": "2010-04-01",
        "MessageStatus": status,
        "SmsStatus": status,
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "ChannelInstallSid": "XE" + "0" * 32,
        "ChannelToAddress": message.to.partition(":")[2][:-4] + "XXXX",
        "From": message.from_,
        "To": message.to,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if status == "sent":
        fields["StructuredMessage"] = "false"
    if status in ("delivered", "read"):
        fields["ExternalUserId"] = external_id(number_of(message.to))
    if code:
        words = WORDS[code]
        fields |= {"ErrorCode": str(code), "ErrorMessage": words, "ChannelStatusMessage": words}
    return fields


# What Twilio says with a code in the callback (its error dictionary, 2023).
WORDS = {
    63001: "Channel could not authenticate the request.",
    63003: "Channel could not find To address",
    63012: "Channel provider returned an internal service error",
    63013: "This message send failed because it violates Channel provider's policy",
    63014: "This message failed to be delivered to the user because it is blocked by a user action",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: (
        "Failed to send freeform message because you are outside the allowed window. If you are "
        "using WhatsApp, please use a Message Template."
    ),
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
    63028: "Number of parameters provided does not match the expected number of parameters",
    63032: "User cannot receive this message due to WhatsApp limitation",
    63040: "Template rejected",
    63041: "Template paused",
    63042: "Template disabled",
    63049: "Meta chose not to deliver this WhatsApp marketing message",
    63051: "WhatsApp sender is locked",
}
