"""What becomes of a message that was accepted: its statuses, and how they are told."""

from dataclasses import dataclass

from coachbot.sandbox.twilio.addresses import number_of
from coachbot.sandbox.twilio.leads.answering import UNREAD, Leads
from coachbot.sandbox.twilio.memory import Account, Memory, Message
from coachbot.sandbox.twilio.outcomes import Outcome
from coachbot.sandbox.twilio.services import contents
from coachbot.sandbox.twilio.settings import Signing, Telling
from coachbot.sandbox.twilio.stage import Stage
from coachbot.sandbox.twilio.webhooks import statuses
from coachbot.sandbox.twilio.webhooks.telling import Teller

CHARSET = "; charset=utf-8"
OUTSIDE_WINDOW = 63016
# By the status of a template: why nothing is sent by it any more.
OF_TEMPLATE = {"rejected": 63040, "paused": 63041, "disabled": 63042, "pending": 63040}
# After how many seconds which status comes.
PACE = {"queued": 0.1, "sent": 0.4, "delivered": 0.6, "read": 1.0, "failed": 0.5}
USUAL_PACE = 0.5
# A status, and the code of its error, or 0.
Step = tuple[str, int]


@dataclass(frozen=True)
class Sending:
    """A message on its way: whose it is, and what its number chose."""

    account: Account
    message: Message
    outcome: Outcome

    @property
    def manner(self) -> str:
        """How its callbacks come."""
        return self.account.settings.telling or self.outcome.telling


class Delivery:
    """Delivers messages."""

    def __init__(self, stage: Stage, memory: Memory, teller: Teller, leads: Leads) -> None:
        self._stage, self._memory = stage, memory
        self._teller, self._leads = teller, leads

    def begin(self, account: Account, message: Message, outcome: Outcome) -> None:
        """Begin to deliver a message, and return at once."""
        sending = Sending(account, message, outcome)
        self._stage.begin(lambda: self._deliver(sending))

    def _deliver(self, sending: Sending) -> None:
        message, steps = sending.message, self._course(sending)
        for status, code in steps:
            self._stage.wait(PACE.get(status, USUAL_PACE))
            self._memory.move(message, status, code or None, statuses.WORDS.get(code))
            self._tell_now(sending, (status, code))
        self._tell_afterwards(sending, steps)
        if message.status not in UNREAD:
            self._leads.read(sending.account, message, sending.outcome)

    def _course(self, sending: Sending) -> list[Step]:
        """The statuses that a message will have."""
        outcome = sending.outcome
        code = outcome.error or self._fault(sending.account, sending.message)
        begins = [("queued", 0)] if sending.message.service_sid else []
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

    def _tell_now(self, sending: Sending, step: Step) -> None:
        times = {Telling.IN_ORDER: 1, Telling.DOUBLED: 2}.get(Telling(sending.manner), 0)
        for _ in range(times):
            self._tell(sending, step)

    def _tell_afterwards(self, sending: Sending, steps: list[Step]) -> None:
        """Tell what was held back until now."""
        if sending.manner == Telling.SHUFFLED:
            for step in reversed(steps):
                self._tell(sending, step)
        if sending.manner == Telling.LATE:
            self._stage.begin(lambda: self._tell_late(sending, steps))

    def _tell_late(self, sending: Sending, steps: list[Step]) -> None:
        self._stage.wait(sending.account.settings.late_by)
        for step in steps:
            self._tell(sending, step)

    def _tell(self, sending: Sending, step: Step) -> None:
        message, outcome = sending.message, sending.outcome
        if message.callback:
            signs = "" if outcome.signing == Signing.RIGHT else outcome.signing
            fields = statuses.fields_of(message, *step)
            account = sending.account
            self._teller.tell(account, message.callback, fields, charset=CHARSET, signs=signs)
