"""Calls that Vapi accepted and has no line for: taken back there, to be made when a line is free.

Vapi may begin such a call by itself later, or never. So it is made again only once it can not
ring any more: Vapi says that it has ended, or that it knows no such call, or has dropped it for us.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused
from coachbot.providers.vapi import client as vapi
from coachbot.providers.vapi.ended_reasons import NO_LINE
from coachbot.providers.vapi.events import CallNews
from leads.calls import events
from leads.calls.settling import overdue
from leads.models import Call, CallStatus
from workspaces.connections import credentials
from workspaces.log import exchanges

logger = logging.getLogger(__name__)

# Until then Vapi may not show it yet, and may begin it.
ASKED_AFTER = timedelta(seconds=3)
PAUSE = timedelta(seconds=10)
# What is refused for a call that has just begun shows as begun by then. One that Vapi still holds
# back is one that it neither drops nor begins.
HELD_BACK_AFTER = timedelta(seconds=10)
NOT_LISTED_AFTER = timedelta(seconds=settings.VAPI_LISTING_LAG)
NOT_FOUND, ENDED = "not-found", "ended"
NO_SUCH_WAY = (400, 404, 405)
MOST_AT_ONCE = 200
ROUND_SECONDS = 20.0


def settle_blocked_calls() -> int:
    """Ask Vapi for every call that waits there for a line, and have it dropped where it still
    does. Return how many are over by that.

    Safe at any time and from several processes at once: each call is claimed first.
    """
    waiting = Call.objects.waiting_for_a_line().filter(dialed_at__lte=Now() - ASKED_AFTER)
    deadline, over = Deadline(ROUND_SECONDS), 0
    for call in leases.run_out(waiting)[:MOST_AT_ONCE]:
        if not deadline.remaining():
            break  # the next round goes on with the rest
        if leases.claim(waiting.filter(pk=call.pk), PAUSE):
            over += _settle(call)
    return over


def _settle(call: Call) -> bool:
    """Return whether the call is over."""
    news = overdue.ask(call)
    if news is not None and news.status not in overdue.NOT_STARTED:
        return _apply(call, news)
    if news is not None and (_is_gone(call, news) or _is_held_back(call) or _is_dropped(call)):
        overdue.end(call, NO_LINE)
        return True
    if reason := overdue.verdict(call, news):
        overdue.end(call, reason)
        return True
    return False


def _apply(call: Call, news: CallNews) -> bool:
    try:
        return events.apply_news(call, news).status == CallStatus.ENDED
    except events.NoSuchCall:
        return True  # erased while Vapi was asked


def _is_gone(call: Call, news: CallNews) -> bool:
    return news.status == NOT_FOUND and overdue.age_of(call) > NOT_LISTED_AFTER


def _is_held_back(call: Call) -> bool:
    """Tell whether Vapi refused long ago to drop a call that it has not begun since."""
    refused_at = call.drop_refused_at
    return refused_at is not None and clock.now() - refused_at > HELD_BACK_AFTER


def _is_dropped(call: Call) -> bool:
    """Have a call dropped that waits. Return whether it can not ring any more."""
    door = exchanges.door(call.workspace_id, lead_id=call.lead_id)
    try:
        account = credentials.vapi_account(call.workspace_id)
        vapi.delete_call(door, account, str(call.vapi_call_id), timeout=overdue.TIMEOUT)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return False
    except Refused as error:
        if error.status in NO_SUCH_WAY:
            refused = Call.objects.filter(pk=call.pk, drop_refused_at=None)
            refused.update(drop_refused_at=Now())
        return False
    except ProviderError as error:
        logger.info("Call %s waits on: %s", call.pk, error)
        return False
    news = overdue.ask(call)  # it may have begun in this moment
    return news is not None and (news.status in (*overdue.NOT_STARTED, ENDED))
