"""A turn from beginning to end, under a claim: what is open goes on at its stage, what the lead
wrote since is answered, and what follows a failure is written down.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from coachbot.db import clock
from coachbot.providers import ProviderError
from coachbot.providers.openai.errors import may_pass
from leads.agent.text import thinking, tokens
from leads.agent.text.sentences import Sentence, say
from leads.agent.text.thinking import NoAnswer
from leads.contact import daily_count
from leads.messages import sending
from leads.messages.turns import facts, failing, stages
from leads.messages.turns.claims import Claim
from leads.messages.turns.live import (
    WINDOW_CLOSED,
    Held,
    LiveTalk,
    StillWorking,
    require_allowed,
)
from leads.messages.turns.unanswered import (
    are_all_unreadable,
    is_readable,
    unanswered,
)
from leads.models import (
    Conversation,
    Message,
    MessagePurpose,
    MessageStatus,
    StatusReason,
    Turn,
    TurnStage,
)
from workspaces.connections import credentials

logger = logging.getLogger(__name__)

MOST_TURNS_AN_HOUR = 40
AN_HOUR = timedelta(hours=1)
# Messages that only a person can read: after so many, one does.
MOST_UNREADABLE = 2
# How soon it is looked whether a part that is on its way has arrived.
SENDING_PAUSE = timedelta(seconds=2)
DAY_TOKENS = "day_tokens"
ON_THEIR_WAY = (MessageStatus.PENDING, MessageStatus.SENDING)
GONE_WRONG = (MessageStatus.NOT_SENT, MessageStatus.FAILED)


class Answering:
    """The work at one conversation under one claim. Every method may raise claims.Lost."""

    def __init__(self, claim: Claim, conversation: Conversation):
        self.claim, self.conversation = claim, conversation
        self.turn: Turn | None = stages.open_turn(conversation)
        self.seen: set[Any] = set()
        # How the turn ends, which is written when the claim is given up.
        self.end: stages.End | None = None

    def run(self) -> datetime | None:
        """Do what is due. Return when to look again, None where nothing is left to do."""
        sending.send_pending(self.conversation)
        if self.turn and self.turn.stage == TurnStage.READY:
            return self._deliver(self.turn)
        burst = list(unanswered(self.conversation))
        self._see(burst)
        if not burst:
            self._drop("answered_by_person")
            return None
        try:
            require_allowed(self.claim, self.conversation, MessagePurpose.REPLY, self.turn)
            return self._answer(burst)
        except Held as held:
            return self._held(held, burst[-1].created_at)
        except stages.Overtaken:
            return None

    def _answer(self, burst: list[Message]) -> datetime | None:
        """Answer what the lead wrote. Raises Held."""
        is_too_often = self.turn is None and self._turns_in_an_hour() >= MOST_TURNS_AN_HOUR
        turn = self.turn = self.turn or stages.begin(
            self.claim, self.conversation, burst[-1].created_at
        )
        turn.conversation = self.conversation
        if is_too_often:
            return self._give_up("turns_an_hour")
        if not all(map(is_readable, burst)):
            if self.conversation.unreadable_count >= MOST_UNREADABLE:
                return self._leave_unreadable()
            if are_all_unreadable(burst):
                text = say(Sentence.TEXT_ONLY, facts.words_of(self.conversation))
                return self._commit(text, MessagePurpose.REPLY, burst)
        return self._think(LiveTalk(self.claim, turn, self.conversation, burst))

    def _think(self, talk: LiveTalk) -> datetime | None:
        try:
            text = thinking.think(talk)
        except NoAnswer as nothing:
            return self._give_up(nothing.code)
        except tokens.UsedUp:
            return self._used_up(talk.turn)
        except (credentials.NotConnected, credentials.CannotUnseal):
            return self._give_up("openai.not_connected")
        except ProviderError as error:
            logger.info("The turn %s failed: %s", talk.turn.pk, error.code)
            return self._try_again(talk.turn, error.code, error)
        except StillWorking:
            return self._try_again(talk.turn, "tool_busy", None)
        finally:
            self._see(talk.burst)
        return self._commit(text, talk.purpose, talk.answered)

    def _commit(
        self, text: str, purpose: MessagePurpose, burst: Iterable[Message]
    ) -> datetime | None:
        assert self.turn
        stages.ready(self.claim, self.turn, text, purpose, burst)
        sending.send_pending(self.conversation)
        return self._deliver(self.turn)

    def _deliver(self, turn: Turn) -> datetime | None:
        """End a turn whose parts are sent. While one is on its way, look again soon.

        Whether each may still be sent, and in which order, is decided where it is sent.
        """
        statuses = set(turn.messages.outbound().values_list("status", flat=True))
        if statuses & set(ON_THEIR_WAY):
            return clock.now() + SENDING_PAUSE
        has_gone = bool(statuses - set(GONE_WRONG))
        self.end = stages.End(TurnStage.DONE) if has_gone else _unsent(turn)
        return None

    def _held(self, held: Held, through: datetime) -> datetime | None:
        if held.code == WINDOW_CLOSED:  # nobody else would ever look at it
            self.turn = self.turn or stages.begin(self.claim, self.conversation, through)
            return self._give_up(WINDOW_CLOSED)
        if held.until is None:
            self._drop(held.code)
        return held.until

    def _drop(self, code: str) -> None:
        self.end = stages.End(TurnStage.DROPPED, code)

    def _used_up(self, turn: Turn) -> datetime:
        if turn.fault != DAY_TOKENS:
            stages.postpone(self.claim, turn, DAY_TOKENS, is_failure=False)
        failing.tell_used_up(self.conversation.lead.workspace)
        return daily_count.next_day()

    def _try_again(self, turn: Turn, code: str, error: ProviderError | None) -> datetime | None:
        """Have a turn tried again, unless that is in vain or was done often enough."""
        if error and not may_pass(error):
            return self._give_up(code)
        stages.postpone(self.claim, turn, code)
        pause = failing.pause_after(turn, error)
        return self._give_up(code) if pause is None else clock.now() + pause

    @property
    def ended(self) -> tuple[Turn, stages.End] | None:
        """The turn that is over, and how; None where none is, or that is written already."""
        return (self.turn, self.end) if self.turn and self.end else None

    def failed(self) -> datetime | None:
        """Note that a fault of our own ended an attempt. Return when the next one is."""
        turn = self.turn or stages.open_turn(self.conversation)
        if turn is None or turn.stage == TurnStage.READY:
            return clock.now() + failing.PAUSES[1]
        self.turn = turn
        return self._try_again(turn, failing.INTERNAL, None)

    def _give_up(self, code: str, **reason: Any) -> datetime | None:
        assert self.turn
        failing.give_up(self.claim, self.conversation, self.turn, code, **reason)
        sending.send_pending(self.conversation)
        return None

    def _leave_unreadable(self) -> datetime | None:
        return self._give_up(
            "unreadable", because=StatusReason.UNREADABLE_MESSAGES, sentence=Sentence.HANDED_OVER
        )

    def _turns_in_an_hour(self) -> int:
        since = clock.now() - AN_HOUR
        return self.conversation.turns.filter(created_at__gte=since).count()

    def _see(self, messages: Iterable[Message]) -> None:
        self.seen |= {message.pk for message in messages}


def _unsent(turn: Turn) -> stages.End:
    """Return how a turn ends of which nothing went out: by what kept its first part."""
    first = turn.messages.outbound().in_order().first()
    return stages.End(TurnStage.DROPPED, first.error_code if first else "not_sent")
