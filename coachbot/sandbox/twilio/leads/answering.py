"""What a lead answers to a message that reached it."""

from dataclasses import replace
from functools import partial

from coachbot.sandbox.twilio.addresses import number_of
from coachbot.sandbox.twilio.leads import scripts
from coachbot.sandbox.twilio.leads.inbox import Inbox
from coachbot.sandbox.twilio.leads.scripts import Talk
from coachbot.sandbox.twilio.leads.shapes import Said
from coachbot.sandbox.twilio.memory import Account, Memory, Message
from coachbot.sandbox.twilio.outcomes import Outcome
from coachbot.sandbox.twilio.settings import Signing
from coachbot.sandbox.twilio.stage import Stage

UNREAD = ("failed", "undelivered")


class Leads:
    """The people who are written to."""

    def __init__(self, stage: Stage, memory: Memory, inbox: Inbox) -> None:
        self._stage, self._memory, self._inbox = stage, memory, inbox

    def read(self, account: Account, message: Message, outcome: Outcome) -> None:
        """A message reached its lead, who answers by its script, if leads are played."""
        if not self._plays(account):
            return
        lead = number_of(message.to)
        talk = self._talk(account, lead)
        for place, said in enumerate(scripts.SCRIPTS[outcome.lead](talk)):
            self._stage.wait(said.after)
            if not place and self._talk(account, lead).heard != talk.heard:
                return  # something newer came, and the lead answers that
            if self._memory.is_by_hand(account.sid, lead):
                return
            write = partial(self._write, account, message, said, outcome)
            # Without pauses nothing else keeps one message before the next.
            is_in_turn = said.after and not self._stage.pace
            write() if is_in_turn else self._stage.begin(write)

    def _plays(self, account: Account) -> bool:
        wanted = account.settings.plays
        return self._stage.plays_leads if wanted is None else wanted

    def _write(self, account: Account, message: Message, said: Said, outcome: Outcome) -> None:
        odd = {"NewFieldOfTwilio": "ünknown"} if outcome.extra else {}
        signing = "" if outcome.signing == Signing.RIGHT else outcome.signing
        said = replace(said, signing=signing, fields={**said.fields, **odd})
        self._inbox.write(account, number_of(message.to), said, sender=message.from_)

    def _talk(self, account: Account, lead: str) -> Talk:
        said = [one for one in self._memory.of(account.sid) if _is_with(one, lead)]
        heard = [one.body for one in said if not one.is_inbound and one.status not in UNREAD]
        return Talk(heard, sum(one.is_inbound for one in said))


def _is_with(message: Message, lead: str) -> bool:
    return lead == number_of(message.from_ if message.is_inbound else message.to)
