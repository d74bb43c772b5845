"""Finding out how calls ended of which no message told. Run by a command.

Messages get lost, so every call in progress is asked for at Vapi now and then. Only an
explicit `ended` closes one there and then; patience runs out where Vapi never starts it.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.vapi import client as vapi
from coachbot.providers.vapi.ended_reasons import NEVER_RANG, NO_WORD
from coachbot.providers.vapi.events import LOOK_UP, CallNews, Ids
from leads import status
from leads.calls import events
from leads.models import Call, CallStatus, HeldBecause, Lead, StatusReason, Step
from workspaces.connections import credentials
from workspaces.log import exchanges

logger = logging.getLogger(__name__)

TIMEOUT = 8.0
MOST_AT_ONCE = 1000
# A Vapi that is down must not keep the settling of other calls waiting.
ROUND_SECONDS = 60.0
# Messages come within seconds, so a call is first asked for when they are overdue.
FIRST_ASKED_AFTER = timedelta(minutes=2)
# While somebody waits for a line, a call whose end was not told must not keep it for longer.
ASKED_FOR_LINES = timedelta(minutes=2)
# Then again after a quarter of its age, within these limits.
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
# A call that Vapi still holds back, or does not know, is not going to ring any more.
NEVER_RINGS_AFTER = timedelta(hours=1)
# Vapi's longest call is 12 hours.
GIVE_UP_AFTER = timedelta(hours=14)
NOT_STARTED = ("queued", "scheduled", "not-found", "")
NOTES = "Vapi never told how the call ended. Look in Vapi before calling again."


@dataclass
class Closed:
    """How many calls in progress were found ended, are still open, were given up."""

    ended: int = 0
    still_open: int = 0
    given_up: int = 0


def settle_open_calls() -> Closed:
    """Ask Vapi for every call in progress that is due.

    Safe at any time and from several processes at once: each call is claimed first.
    """
    closed = Closed()
    _ask_sooner_where_lines_are_wanted()
    going_on = Call.objects.in_progress().going_on()
    due = leases.run_out(going_on.filter(dialed_at__lte=Now() - FIRST_ASKED_AFTER))
    deadline = Deadline(ROUND_SECONDS)
    for call in due[:MOST_AT_ONCE]:
        if not deadline.remaining():
            break  # the next round goes on with the rest
        if _claim(call):
            _close(call, closed)
    return closed


def _ask_sooner_where_lines_are_wanted() -> None:
    """Let no call of a workspace in which somebody waits go unasked for long."""
    wanted = Step.objects.waiting().filter(held_because=HeldBecause.LINES_FULL).values("workspace")
    soon = Now() + ASKED_FOR_LINES
    calls = Call.objects.in_progress().filter(workspace__in=wanted, lease_until__gt=soon)
    calls.update(lease_until=soon)


def _claim(call: Call) -> bool:
    """Put the next look at a call off. Return whether this look is ours."""
    age = age_of(call)
    pause = min(LONGEST_PAUSE, max(SHORTEST_PAUSE, age / 4))
    return leases.claim(Call.objects.in_progress().filter(pk=call.pk), pause) is not None


def age_of(call: Call) -> timedelta:
    """Return how long ago a call was placed; the moment is known of every one that is due."""
    return clock.now() - (call.dialed_at or call.created_at)


def _close(call: Call, closed: Closed) -> None:
    news = ask(call)
    if news and news.status not in NOT_STARTED:
        try:
            call = events.apply_news(call, news)
        except events.NoSuchCall:
            return  # erased while Vapi was asked
    if call.status == CallStatus.ENDED:
        closed.ended += 1
    elif reason := verdict(call, news):
        end(call, reason)
        closed.given_up += 1
    else:
        closed.still_open += 1


def verdict(call: Call, news: CallNews | None) -> str:
    """Return as what to close a call that Vapi does not call ended; "" to go on waiting."""
    age = age_of(call)
    is_waiting = news is not None and news.status in NOT_STARTED
    # Nothing is told of a call that never rang.
    if is_waiting and not call.told and age > NEVER_RINGS_AFTER:
        return NEVER_RANG
    if is_waiting and age > NEVER_RINGS_AFTER:
        return NO_WORD
    # While Vapi says that it goes on, it does, whatever our clocks say.
    if news is None and age > GIVE_UP_AFTER:
        return NO_WORD
    return ""


def ask(call: Call) -> CallNews | None:
    """Return what Vapi says of a call; None where nothing is learnt. Unknown is `not-found`."""
    door = exchanges.door(call.workspace_id, lead_id=call.lead_id)
    vapi_call_id = str(call.vapi_call_id)  # by a constraint, every call in progress has one
    try:
        account = credentials.vapi_account(call.workspace_id)
        return vapi.get_call(door, account, vapi_call_id, timeout=TIMEOUT)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return None
    except ProviderError as error:
        is_unknown = error.status in (400, 404)
        return CallNews(Ids(vapi_call_id, ""), LOOK_UP, "not-found") if is_unknown else None


@transaction.atomic(durable=True)
def end(call: Call, reason: str) -> None:
    """Close a call on our own judgement; what Vapi may say later still counts more."""
    logger.warning("Call %s is closed as %s", call.pk, reason)
    open_call = Call.objects.in_progress().filter(pk=call.pk)
    lead = Lead.objects.select_for_update().filter(pk=call.lead_id).first()
    ended = open_call.update(status=CallStatus.ENDED, ended_at=Now(), ended_reason=reason)
    if lead is None or not ended:
        return
    if reason == NO_WORD:
        status.move(call.lead_id, StatusReason.CALL_UNTOLD, notes=NOTES)
    call.refresh_from_db()
    events.note_end(lead, call)
