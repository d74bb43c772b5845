"""What Vapi's answers to our calls tell of the account: how many lines it has, whether they are
full, and whether it places calls at all.
"""

import logging

from django.db import DatabaseError

from coachbot.providers.vapi.client import PlacedCall
from coachbot.providers.vapi.ended_reasons import classify
from coachbot.providers.vapi.endings import Ending
from leads.contact import breaker, lines
from leads.models import Call

logger = logging.getLogger(__name__)


def note_placed(call: Call, placed: PlacedCall) -> None:
    """Keep what is learnt of a call that Vapi took. It is placed, whatever becomes of that."""
    try:
        _note_placed(call, placed)
    except DatabaseError:
        logger.exception("What Vapi told of the account with call %s is not kept", call.pk)


def _note_placed(call: Call, placed: PlacedCall) -> None:
    if placed.lines and placed.lines != call.workspace.learnt_lines:
        lines.learn(call.workspace, placed.lines, asked_at=call.created_at)
    if placed.is_blocked:
        lines.note_full(call)
        return
    lines.note_placed(call.workspace)
    breaker.note_placed(call)


def note_refusal(call: Call, code: str) -> None:
    """Keep what is learnt of a call that Vapi refused. code: why, in providers.vapi's table."""
    if code == "vapi.concurrency":
        lines.note_full(call)
    breaker.note_refusal(call.workspace_id, code)


def note_end(call: Call) -> None:
    """Keep what the end of a call tells, when it is told first."""
    # Of one that waited at Vapi that was noted when it was taken: since then others have ended.
    if classify(call.ended_reason) is Ending.LINES_FULL and not call.is_blocked:
        lines.note_full(call)
    breaker.note_end(call)
