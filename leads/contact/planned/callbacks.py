"""A call for which a time was asked: by the lead in a conversation, or by a member on its page."""

from datetime import date, datetime, timedelta

from django.db import transaction

from coachbot.db import clock
from leads.contact import hours, rules, sentences, zones
from leads.contact.planned import steps
from leads.contact.rules import Purpose
from leads.models import HeldBecause, Lead, LeadStatus

FURTHEST = timedelta(days=90)
LONGEST_NOTES = 1_000
# What no time that is chosen changes. Other rules hold the call once it is due.
LASTING = (
    HeldBecause.DO_NOT_CALL,
    HeldBecause.NOT_CONNECTED,
    HeldBecause.COUNTRY,
    HeldBecause.WITH_PERSON,
)
SETTLED = {
    LeadStatus.BOOKED: "The lead has an appointment already.",
    LeadStatus.UNQUALIFIED: "The lead does not qualify.",
}


class NotWanted(Exception):
    """The lead is not called back at any time; `str()` says why."""


class NotPossible(Exception):
    """Nobody can be called at that time; `str()` says why. offered: the next possible one, in UTC,
    None where there is none.
    """

    def __init__(self, message: str, offered: datetime | None):
        super().__init__(message)
        self.offered = offered


@transaction.atomic
def plan(lead: Lead, at: datetime, *, notes: str = "") -> None:
    """Plan a call to a lead at a moment, in the place of what is planned.

    notes: what the assistant is told then. Raises NotWanted, NotPossible and Lead.DoesNotExist.
    """
    locked = Lead.objects.select_for_update(of=("self",)).select_related("workspace")
    now = locked.get(pk=lead.pk)
    with clock.one_moment():
        _require_wanted(now)
        _require_possible(now, at)
    steps.plan_callback(now, at, notes=notes[:LONGEST_NOTES])


def _require_wanted(lead: Lead) -> None:
    if lead.status in SETTLED:
        raise NotWanted(SETTLED[LeadStatus(lead.status)])
    held = rules.against(lead, Purpose.CALLBACK)
    if held and held.code in LASTING:
        raise NotWanted(sentences.sentence(lead, held.code))


def _require_possible(lead: Lead, at: datetime) -> None:
    now = clock.now()
    if at <= now:
        raise NotPossible("That time is over.", _possible(lead, _again(lead, at, now)))
    if at > now + FURTHEST:
        raise NotPossible(f"That is more than {FURTHEST.days} days ahead.", None)
    possible = _possible(lead, at)
    if possible != at:
        raise NotPossible("At that time nobody may be called.", possible)


def _possible(lead: Lead, at: datetime) -> datetime | None:
    return rules.possible_from(lead, Purpose.CALLBACK, at)


def _again(lead: Lead, at: datetime, now: datetime) -> datetime:
    """Return when it is next as late in the lead's day as at a moment that is over."""
    zone = zone_of(lead, now)[0]
    today = now.astimezone(zone).date()
    times = (_at_time_of(at, today + timedelta(days=days), zone) for days in (0, 1))
    return next((time for time in times if time > now), now)


def _at_time_of(at: datetime, day: date, zone: zones.ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    return hours.at_wall_time(day, local.time(), zone)


def zone_of(lead: Lead, at: datetime) -> tuple[zones.ZoneInfo, bool]:
    """Return the zone in which times are said to a lead, and whether it is known to be its own."""
    is_known = zones.is_known(given=lead.timezone, phone=lead.phone, at=at)
    return rules.zones_of(lead, at)[0], is_known
