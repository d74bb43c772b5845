"""The agent's tools where it is tried out: they answer as the real ones do, and change a State."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leads.agent import actions, slots
from leads.agent.arguments import Arguments, BadArgument
from leads.agent.replies import WRITTEN, Reply, refuse, spoken
from leads.messages.rehearsal.state import State

# The calendar of its own: a host who is there on weekdays.
HOURS = range(9, 17)
SATURDAY = 5
Deed = Callable[[State, Arguments, datetime], tuple[State, Reply]]


def carry_out(
    state: State, name: str, arguments: Mapping[str, object], now: datetime
) -> tuple[State, Reply]:
    """Return a state after a tool, and what the tool answered. now: in the zone of the calendar."""
    try:
        return DEEDS[name](state, Arguments(arguments), now)
    except BadArgument as error:
        return state, refuse(str(error))


def _update_profile(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    details, notes = actions.learnt(arguments)
    if not (details or notes):
        return state, refuse(actions.NOTHING)
    noted = {"notes": f"{state.profile.get('notes', '')}\n{notes}".strip()} if notes else {}
    return replace(state, profile={**state.profile, **details, **noted}), Reply(actions.SAVED)


def _list_slots(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    days = slots.days_wanted(arguments)
    reply = slots.listed(list(_free(state, now, days)), days)
    offered = {*state.offered, *(start.astimezone(UTC).isoformat() for start in reply.offered)}
    return replace(state, offered=sorted(offered)), reply


def _free(state: State, now: datetime, days: int) -> list[datetime]:
    """Return the full hours of the days to come at which the host is there."""
    dates = [now.date() + timedelta(days=ahead) for ahead in range(days + 1)]
    starts = [
        datetime.combine(date, time(hour), now.tzinfo)
        for date in dates
        for hour in HOURS
        if date.weekday() < SATURDAY
    ]
    return [start for start in starts if start > now and _utc(start) != state.booking]


def _book(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    offered = [datetime.fromisoformat(start) for start in state.offered]
    try:
        start = slots.chosen(offered, arguments, zone).astimezone(zone)
    except slots.NotOffered as error:
        return state, refuse(str(error))
    email = arguments.email("email") or state.profile.get("email", "")
    if not email:
        return state, refuse(slots.NO_EMAIL)
    if state.booking:
        there = spoken(datetime.fromisoformat(state.booking).astimezone(zone))
        return state, refuse(f"The lead has an appointment already: {there} ({zone.key}).")
    made = replace(state, booking=_utc(start), status="booked")
    return made, slots.booked(f"{spoken(start)} ({zone.key})", email)


def _mark_unqualified(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    if not arguments.text("reason", longest=actions.LONGEST_DETAIL):
        return state, refuse(actions.NO_REASON)
    return replace(state, status="unqualified"), Reply(actions.unqualified(WRITTEN))


def _escalate(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    return replace(state, status="needs_human"), Reply(actions.ESCALATED)


def _opt_out(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    return replace(state, ended="opted_out"), Reply(actions.opted_out(WRITTEN))


def _end(state: State, arguments: Arguments, now: datetime) -> tuple[State, Reply]:
    return state, Reply(WRITTEN.say_goodbye)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


# By the names of leads.agent.tools.WRITTEN; a test compares the two.
DEEDS: Mapping[str, Deed] = {
    "updateLeadProfile": _update_profile,
    "listSlots": _list_slots,
    "bookConsult": _book,
    "markUnqualified": _mark_unqualified,
    "escalateToHuman": _escalate,
    "optOut": _opt_out,
    "endConversation": _end,
}
