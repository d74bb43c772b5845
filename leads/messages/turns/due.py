"""Finding the conversations in which something is due, and working at each once. Only workers do.

A wake-up is nothing more than that: what is due stands in the row, and a lost one is found again.
"""

import logging
import uuid
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.db.single import single
from coachbot.work import engine
from leads.messages.turns import claims, stages
from leads.messages.turns.answering import DAY_TOKENS, Answering
from leads.models import Conversation, Lead, LeadStatus, TurnStage
from workspaces.connections import credentials
from workspaces.models import Channel, CredentialKind, Workspace

logger = logging.getLogger(__name__)

WOKEN_AT_ONCE = 200
# For so long after a change of settings it is looked whom it lets be answered.
LOOKED_BACK = timedelta(seconds=60)


def wake_due() -> int:
    """Have every conversation in which something is due worked at. Return how many there were."""
    found = claims.for_waking(WOKEN_AT_ONCE)
    for claim in found:
        engine.wake(run, claim.conversation_id, claim.fence)
    return len(found)


def is_any_due(*, within: timedelta) -> bool:
    """Return whether something will be due so soon at which nobody works."""
    soon = Conversation.objects.filter(due_at__lte=Now() + within)
    return bool(leases.run_out(soon).exists())


@engine.task
def run(conversation_id: uuid.UUID, fence: int) -> None:
    """Do what is due in a conversation. fence: of the claim that sent the wake-up."""
    claim = claims.take(claims.Claim(conversation_id, fence))
    if claim is None:
        return
    try:
        with claims.kept(claim):
            work(claim)
    except claims.Lost:
        logger.warning("The conversation %s is another worker's by now", conversation_id)


def work(claim: claims.Claim) -> None:
    """Do what is due under a claim, and give it up. Raises claims.Lost."""
    conversation = single(claim.rows.select_related("lead__workspace"))
    if conversation is None:
        raise claims.Lost
    answering = Answering(claim, conversation)
    try:
        due_at = answering.run()
    except claims.Lost:
        raise
    except Exception:  # whatever it is, it is this conversation's alone, and is tried again
        logger.exception("The work at the conversation %s failed", claim.conversation_id)
        due_at = answering.failed()
    stages.leave(claim, answering.seen, due_at, ended=answering.ended)


def look_again_at_what_settings_held() -> int:
    """Have leads answered that waited for a setting: a pause that is over, an account that is
    connected, more tokens. Return how many.
    """
    since = clock.now() - LOOKED_BACK
    connected = credentials.changed_since(since, CredentialKind.TWILIO, CredentialKind.OPENAI)
    changed = Workspace.objects.filter(
        Q(updated_at__gte=since) | Q(pk__in=connected), channel=Channel.WHATSAPP, is_paused=False
    )
    waiting = Conversation.objects.filter(
        lead__workspace__in=changed,
        lead__closed_as="",
        lead__owner=None,
        waiting_since__isnull=False,
        window_until__gt=Now(),
    ).exclude(lead__status=LeadStatus.NEEDS_HUMAN)
    left = waiting.filter(Q(due_at=None) | _has_no_tokens())
    return left.update(due_at=Now())


def _has_no_tokens() -> Q:
    return Q(turns__stage=TurnStage.THINKING, turns__fault=DAY_TOKENS, due_at__gt=Now())


def answer_now(lead: Lead) -> None:
    """Have what a lead wrote, and nobody has answered, answered now: a person gave it back."""
    waiting = lead.conversations.filter(waiting_since__isnull=False)
    waiting.filter(Q(due_at=None) | Q(due_at__gt=Now())).update(due_at=Now())


def has_written(lead: Lead) -> bool:
    """Return whether a lead has written anything."""
    return lead.conversations.filter(last_inbound_at__isnull=False).exists()
