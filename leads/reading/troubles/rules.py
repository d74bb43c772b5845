"""Rules of a workspace that hold its leads now."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.utils import timezone

from coachbot.db import clock
from leads.contact import daily_count, rules
from leads.models import HeldBecause
from leads.reading.troubles.trouble import WINDOW, Trouble, TroubleCode, counted, tally
from workspaces.log import queries
from workspaces.log.actions import Action
from workspaces.models import Workspace

# Whether a rule still holds a lead has to be asked of each number.
NUMBERS_LOOKED_AT = 50


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield the rules that hold leads of a workspace now, or would hold the next one."""
    if workspace.is_paused:
        yield _paused(workspace)
    else:
        yield from _day_is_full(workspace)
        yield from _numbers(workspace)


def _held(workspace: Workspace, because: HeldBecause):
    """Return the leads that a rule has kept from being called, not called since."""
    held = workspace.leads.accepted().exclude(held_because="")
    return held.filter(held_because=because, created_at__gte=timezone.now() - WINDOW)


def _paused(workspace: Workspace) -> Trouble:
    number, _ = tally(_held(workspace, HeldBecause.PAUSED))
    saved = f" {counted(number, 'lead waits', 'leads wait')}." if number else ""
    contacted = "called" if workspace.is_voice else "written to"
    why = f"leads are saved, and nobody is {contacted}.{saved}"
    paused_at = queries.last_done(workspace, Action.PAUSE)
    resumed_at = queries.last_done(workspace, Action.RESUME)
    is_known = paused_at and not (resumed_at and resumed_at > paused_at)
    return Trouble(TroubleCode.PAUSED, "The agent is paused", why, paused_at if is_known else None)


def _day_is_full(workspace: Workspace) -> Iterator[Trouble]:
    limit = workspace.daily_call_limit
    if daily_count.calls_today(workspace.pk) < limit:
        return
    begin = datetime.combine(daily_count.day_of(clock.now()), time(), UTC)
    held = _held(workspace, HeldBecause.DAILY_LIMIT).filter(created_at__gte=begin)
    number, since = tally(held)
    wait = counted(number, "lead waits", "leads wait")
    what = "calls" if workspace.is_voice else "first messages and follow-ups"
    yield Trouble(
        TroubleCode.DAILY_LIMIT,
        f"The limit of {limit} {what} a day is reached",
        f"{wait}. It starts anew at midnight UTC.",
        since,
    )


def _numbers(workspace: Workspace) -> Iterator[Trouble]:
    latest = _held(workspace, HeldBecause.COUNTRY).order_by("-created_at")
    held = [
        lead
        for lead in latest.only("phone", "created_at", "workspace")[:NUMBERS_LOOKED_AT]
        if not rules.allows_number(lead)
    ]
    if held:
        yield Trouble(
            TroubleCode.COUNTRY,
            f"{counted(len(held), 'lead is', 'leads are')} held",
            "their numbers are of a country or kind that may not be "
            f"{'called' if workspace.is_voice else 'written to'}.",
            held[-1].created_at,
        )
