"""The conversation of a lead, as an answer is thought of in it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from coachbot.db import clock
from coachbot.db.single import single
from coachbot.deadline import Deadline
from coachbot.providers.openai.client import Completion
from leads.agent import once, tools
from leads.agent.once import Asked
from leads.agent.text import guard, history, prompt
from leads.agent.text.guard import Verdict
from leads.agent.text.history import Round
from leads.agent.text.model import Model
from leads.agent.text.thinking import NoAnswer
from leads.contact import gate
from leads.messages import window
from leads.messages.turns import claims, facts, stages
from leads.messages.turns.claims import Claim
from leads.messages.turns.unanswered import unanswered
from leads.models import Conversation, Lead, Message, MessagePurpose, Turn
from workspaces.connections import credentials

SECONDS = 120.0
MOST_RESTARTS = 2
WINDOW_CLOSED = "window_closed"
# How long an answer waits for one of this process's places at the model.
PATIENCE = 20.0


class Held(Exception):
    """The agent must not answer now. code: why. until: when to ask again, None for never."""

    def __init__(self, code: str, until: datetime | None = None):
        super().__init__(f"Held: {code}.")
        self.code, self.until = code, until


class StillWorking(Exception):
    """Another worker was at the same tool call a moment ago."""


class LiveTalk:
    """See thinking.Talk. What it keeps is in the rows of the turn; each write raises Lost."""

    def __init__(
        self, claim: Claim, turn: Turn, conversation: Conversation, burst: Sequence[Message]
    ):
        self.claim, self.turn, self.conversation = claim, turn, conversation
        self.deadline = Deadline(SECONDS)
        self.burst = list(burst)
        self.exchange = [Round(**kept) for kept in turn.exchange]
        self.asked_at = clock.now()

    @property
    def rounds(self) -> int:
        return self.turn.rounds

    @property
    def lead(self) -> Lead:
        lead: Lead = self.conversation.lead
        return lead

    @cached_property
    def model(self) -> Model:
        """The workspace's model. Raises NotConnected and CannotUnseal."""
        account = credentials.openai_account(self.lead.workspace_id)
        return Model(
            self.lead.workspace_id, account, self.deadline, lead_id=self.lead.pk, patience=PATIENCE
        )

    def check(self) -> None:
        """Raise Lost, Held, or NoAnswer where the turn has taken all of its time."""
        require_allowed(self.claim, self.conversation, self.purpose, self.turn)
        if not self.deadline.remaining():
            raise NoAnswer("time")

    @property
    def purpose(self) -> MessagePurpose:
        """What the answer is: the one confirmation where the lead opted out in this turn."""
        return MessagePurpose.OPT_OUT if self.has_opted_out else MessagePurpose.REPLY

    @property
    def has_opted_out(self) -> bool:
        """Whether the model called optOut in this turn."""
        wished = (w["name"] for r in self.exchange for w in r.wishes[: len(r.answers)])
        return "optOut" in wished

    def begin_again(self) -> bool:
        """Return whether the lead wrote again, unless it did so often enough."""
        if self.turn.restarts >= MOST_RESTARTS or not self._news().exists():
            return False
        self.burst = list(unanswered(self.conversation))
        stages.restart(self.claim, self.turn, self.burst[-1].created_at)
        return True

    def _news(self) -> QuerySet[Message]:
        return unanswered(self.conversation).exclude(pk__in=[m.pk for m in self.burst])

    def ask(self, notes: tuple[str, ...]) -> Completion:
        """See Talk. Raises tokens.UsedUp, ProviderError, NotConnected and CannotUnseal."""
        self.asked_at = clock.now()
        said = facts.said(self.conversation, before=self.burst)
        rounds = [*facts.earlier_rounds(self.conversation, self.turn), *self.exchange]
        now = facts.now_of(self.conversation, has_opted_out=self.has_opted_out)
        system = prompt.system_message(self.character, now, notes)
        completion = self.model.ask(
            lambda most: [system, *history.messages(said, rounds, most=most)]
        )
        spent = completion.prompt_tokens + completion.completion_tokens
        stages.count(self.claim, self.turn, spent)
        return completion

    @cached_property
    def character(self) -> prompt.Character:
        return facts.character_of(self.lead.workspace)

    def open_round(self) -> Round | None:
        last = self.exchange[-1] if self.exchange else None
        return last if last and last.is_open else None

    def keep(self, round_: Round) -> None:
        """See Talk."""
        is_new = self.open_round() is None
        self.exchange = [*(self.exchange if is_new else self.exchange[:-1]), round_]
        stages.keep_round(self.claim, self.turn, self.exchange)

    def carry_out(self, round_: Round) -> str:
        """See Talk. Raises StillWorking."""
        asked = self._asked(round_)
        row = once.claim(asked)
        if row is None:
            answer = once.first_answer(asked)
            if not answer:
                raise StillWorking
            return answer
        seconds = min(once.SECONDS, self.deadline.remaining())
        return once.carry_out(row, asked, Deadline(seconds))

    def _asked(self, round_: Round) -> Asked:
        place = len(round_.answers)
        wish = round_.wishes[place]
        text = json.dumps(wish["arguments"], sort_keys=True, default=str)
        return Asked(
            workspace=self.lead.workspace,
            conversation=self.conversation,
            within=self.turn,
            id=f"{len(self.exchange) - 1}.{place}",
            name=wish["name"],
            arguments=wish["arguments"],
            digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
            offered=tools.WRITTEN,
        )

    def facts(self) -> guard.Facts:
        return facts.of_guard(self.conversation, self.character, self.burst)

    def judged(self, verdict: Verdict, text: str) -> None:
        """The lead's page tells only of a turn that came to nothing."""

    @property
    def answered(self) -> Sequence[Message]:
        """The messages that the answer answers."""
        return self.burst


def require_allowed(
    claim: Claim, conversation: Conversation, purpose: MessagePurpose, turn: Turn | None
) -> None:
    """Raise Held where a lead must not be answered now: by a rule, or as its window is closed;
    and claims.Lost.
    """
    now = single(claim.rows.select_related("lead"))
    if now is None:
        raise claims.Lost
    lead: Lead = now.lead
    lead.workspace = conversation.lead.workspace  # which the gate reads anew
    conversation.window_until, conversation.lead = now.window_until, lead
    held = gate.ask_to_write(lead, purpose, turn_began=turn.created_at if turn else None)
    if held:
        raise Held(held.code, held.until)
    if not window.is_open(conversation, clock.now()):
        raise Held(WINDOW_CLOSED)
