"""The stages of a turn, and what is due in its conversation: every write under the claim."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from coachbot.db import clock
from leads.agent.text import parts
from leads.agent.text.history import Round
from leads.messages import sending
from leads.messages.turns import claims
from leads.messages.turns.claims import Claim
from leads.messages.turns.unanswered import unanswered
from leads.models import Conversation, Message, MessagePurpose, Turn, TurnStage

OPEN = (TurnStage.THINKING, TurnStage.READY)


@dataclass(frozen=True)
class End:
    """How a turn ends. fault: a code of what kept it from an answer."""

    stage: TurnStage
    fault: str = ""


class Overtaken(Exception):
    """The turn was ended by somebody else meanwhile."""


def open_turn(conversation: Conversation) -> Turn | None:
    """Return the turn of a conversation that is not over."""
    found: Turn | None = conversation.turns.filter(stage__in=OPEN).first()
    return found


def begin(claim: Claim, conversation: Conversation, through: datetime) -> Turn:
    """Begin a turn that answers what came up to a moment. Raises Lost."""
    with claims.writing(claim):
        turn: Turn = conversation.turns.create(through=through)
    return turn


def restart(claim: Claim, turn: Turn, through: datetime) -> None:
    """Have a turn answer what came meanwhile, too. Raises Lost."""
    turn.through, turn.restarts = through, turn.restarts + 1
    _save(claim, turn, "through", "restarts")


def keep_round(claim: Claim, turn: Turn, exchange: Sequence[Round]) -> None:
    """Keep what was asked of the tools, and answered. Raises Lost."""
    turn.exchange = [vars(round_) for round_ in exchange]
    _save(claim, turn, "exchange")


def count(claim: Claim, turn: Turn, tokens: int) -> None:
    """Count a round with the model. Raises Lost."""
    turn.rounds, turn.tokens = turn.rounds + 1, turn.tokens + tokens
    _save(claim, turn, "rounds", "tokens")


def _save(claim: Claim, turn: Turn, *columns: str) -> None:
    with claims.writing(claim):
        turn.save(update_fields=columns)


def ready(
    claim: Claim, turn: Turn, text: str, purpose: MessagePurpose, answered: Iterable[Message]
) -> None:
    """Store a text, in parts that are sent from now on, whatever happens.

    answered: the messages that it answers. The model is never asked again for this turn. Raises
    Lost, and Overtaken where the lead wrote STOP meanwhile.
    """
    with claims.writing(claim):
        thought = Turn.objects.filter(pk=turn.pk, stage=TurnStage.THINKING)
        if not thought.update(stage=TurnStage.READY, fault=""):
            raise Overtaken
        turn.stage = TurnStage.READY
        Message.objects.filter(pk__in=[message.pk for message in answered]).update(turn=turn)
        for number, part in enumerate(parts.cut(text)[: parts.MOST_PARTS]):
            sending.write(turn.conversation, purpose=purpose, body=part, turn=turn, part=number)


def end(turn: Turn, stage: TurnStage, fault: str = "") -> bool:
    """End a turn. In a transaction of claims.writing(). fault: a code. Return False where somebody
    else ended it.

    What a dropped one was to answer waits for an answer again.
    """
    rows = Turn.objects.filter(pk=turn.pk, stage__in=OPEN)
    if not rows.update(stage=stage, fault=fault[:64], ended_at=Now()):
        return False
    turn.stage, turn.fault = stage, fault
    if stage == TurnStage.DROPPED:
        turn.messages.inbound().update(turn=None)
    return True


def postpone(claim: Claim, turn: Turn, fault: str, *, is_failure: bool = True) -> None:
    """Note why a turn goes on later. is_failure: whether it counts as an attempt. Raises Lost."""
    turn.fault, turn.attempts = fault[:64], turn.attempts + is_failure
    _save(claim, turn, "fault", "attempts")


def leave(
    claim: Claim, seen: Container[Any], due_at: datetime | None, *, ended: tuple[Turn, End] | None
) -> None:
    """Give a claim up. due_at: when to look again, None for never. Raises Lost.

    seen: the ids of the messages that were looked at. Where the lead wrote another one since, it
    is due at the moment that came with that, or now. ended: a turn that is over, and how.
    """
    with claims.writing(claim):
        if ended:
            turn, how = ended
            end(turn, how.stage, how.fault)
        conversation = claim.rows.get()
        waiting = list(unanswered(conversation).values_list("pk", "created_at"))
        if any(pk not in seen for pk, _ in waiting):
            now = clock.now()
            known = conversation.due_at
            due_at = known if known and known > now else now
        first = waiting[0][1] if waiting else None
        claims.release(claim, due_at=due_at, waiting_since=first, failures=_failures(due_at))


def _failures(due_at: datetime | None) -> Any:
    return F("failures") if due_at else 0
