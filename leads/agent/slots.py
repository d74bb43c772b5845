"""Free times in words: how they are listed, and which of them is meant."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from leads.agent.arguments import Arguments
from leads.agent.replies import Reply

DEFAULT_DAYS, MOST_DAYS = 7, 60
MOST_TIMES = 60
MOST_ALTERNATIVES = 6
NO_EMAIL = "An e-mail address is needed. Ask the lead for it, then call bookConsult."


class NotOffered(Exception):
    """The time that was said is none of those that were named; `str()` tells the assistant."""


def days_wanted(arguments: Arguments) -> int:
    """Return how many days ahead times are wanted. Raises BadArgument."""
    return arguments.number("daysAhead", default=DEFAULT_DAYS, lowest=0, highest=MOST_DAYS)


def listed(times: list[datetime], days: int) -> Reply:
    """Return the reply that names free times, all in one zone."""
    if not times:
        return Reply(f"No time is free in the next {days} days. Ask again with more daysAhead.")
    named = _thin_out(times)
    return Reply(f"{_introduction(named)} {listing(named)}", offered=tuple(named))


def booked(when: str, email: str) -> Reply:
    """Return the reply that says when an appointment was booked."""
    return Reply(f"Booked for {when}. An invitation goes to {email}.")


def chosen(offered: list[datetime], arguments: Arguments, zone: ZoneInfo) -> datetime:
    """Return the offered start that is meant, in UTC. Raises NotOffered and BadArgument.

    offered: in UTC.
    """
    if not offered:
        raise NotOffered("Call listSlots first, and let the lead choose one of its times.")
    said = arguments.moment("start")
    start = _meant(offered, said, zone)
    if start is None:
        nearest = near(offered, said.replace(tzinfo=said.tzinfo or zone))
        named = listing([time.astimezone(zone) for time in nearest])
        raise NotOffered(f"That time was not offered. Choose one of these: {named}")
    return start


def _meant(offered: list[datetime], said: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the offered start (UTC) that is meant; None where there is none.

    What is said without an offset means the slot of that local time, whichever of the two in
    the hour that is repeated in autumn was offered; the earlier one where both were.
    """
    if said.tzinfo:
        said = said.astimezone(UTC)
        return said if said in offered else None
    local = (time.astimezone(zone).replace(tzinfo=None, fold=0) for time in offered)
    return next((o for o, at in zip(offered, local, strict=True) if at == said), None)


def near(times: list[datetime], wanted: datetime) -> list[datetime]:
    """Return the few times that are nearest, in their order. By instants, whatever their zones."""
    wanted = wanted.astimezone(UTC)
    found = sorted(times, key=lambda time: abs(time.astimezone(UTC) - wanted))[:MOST_ALTERNATIVES]
    return sorted(found, key=lambda time: time.astimezone(UTC))


def listing(times: Iterable[datetime]) -> str:
    """Return times by day: as they are said, with the exact start in brackets."""
    days = itertools.groupby(times, key=lambda time: time.date())
    return " ".join(
        f"{day:%A} {day.day} {day:%B}: "
        + ", ".join(f"{t:%H:%M} [{t.isoformat(timespec='seconds')}]" for t in of_day)
        + "."
        for day, of_day in days
    )


def _thin_out(times: list[datetime]) -> list[datetime]:
    """Return at most MOST_TIMES of the times, spread evenly over all of them."""
    if len(times) <= MOST_TIMES:
        return times
    step = len(times) / MOST_TIMES
    return [times[int(place * step)] for place in range(MOST_TIMES)]


def _introduction(times: list[datetime]) -> str:
    return (
        f"Free times in {times[0].tzinfo}, each with the start to pass to bookConsult. "
        "Offer two or three of them."
    )
