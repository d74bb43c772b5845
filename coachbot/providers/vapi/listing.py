"""Finding a call in Vapi's list by the id that we sent along, however many others there are.

The list is newest first, knows no filter for our id, and is read by time. A look that runs out
of time says how far it got, and the next one goes on from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Unclear
from coachbot.providers.exchange import Answer
from coachbot.providers.reading import fields, moment, text
from coachbot.providers.transport import Door
from coachbot.providers.vapi.client import LARGEST_LIST, Account, read_id, request

PAGE_SIZE = 100
MOST_PAGES = 25
# How far Vapi's clock may be from ours, and how long after our row it may make a call.
CLOCK_TOLERANCE = timedelta(seconds=60)
LATEST = 2 * CLOCK_TOLERANCE
# Nearly every call was made within these seconds of our row.
LIKELY = timedelta(seconds=2), timedelta(seconds=8)


@dataclass(frozen=True)
class Wanted:
    """The call that is looked for. made_at: when its attempt was written down (aware).

    is_own: whether it was placed with the account's assistant and number as they are now, so that
    only the calls of these need to be read.
    """

    attempt_id: str
    made_at: datetime
    is_own: bool = False


@dataclass(frozen=True)
class Look:
    """What a look found. reached: where the next one has to go on; None where all was read."""

    call_id: str | None
    reached: datetime | None


@dataclass(frozen=True)
class _Page:
    """Some of the list: Vapi's ids by ours, and the times of the calls where all can be read."""

    ids: Mapping[str, str]
    times: tuple[datetime, ...]
    is_full: bool


@dataclass(frozen=True)
class _Stretch:
    """A stretch of time, both ends included."""

    earliest: datetime
    latest: datetime


def find_call(
    door: Door,
    account: Account,
    wanted: Wanted,
    *,
    timeout: float,
    reached: datetime | None = None,
) -> Look:
    """Look for a call, for `timeout` seconds at most.

    reached: of the look before, if that did not read all. A call made a moment ago may not be
    listed yet. Raises ProviderError where nothing could be read.
    """
    deadline = Deadline(timeout)
    read = partial(_read, door, account, wanted, deadline)
    if reached is None:
        page = read(_whole(wanted.made_at))
        call_id = _id_in(page, wanted)
        if call_id or not page.is_full:
            return Look(call_id, None)
        return _read_on(read, wanted, deadline, None)
    return _read_on(read, wanted, deadline, reached)


def _read_on(
    read: Callable[[_Stretch], _Page],
    wanted: Wanted,
    deadline: Deadline,
    reached: datetime | None,
) -> Look:
    stretches = _stretches(wanted.made_at)
    at = reached or stretches[0].latest
    for _ in range(MOST_PAGES):
        stretch = next(s for s in stretches if s.earliest < at <= s.latest)
        try:
            page = read(_Stretch(stretch.earliest, at))
        except ProviderError:
            if at == reached:
                raise  # else the next look tries again from here
            break
        if call_id := _id_in(page, wanted):
            return Look(call_id, None)
        following = _next(stretches, stretch, at, page)
        if following is None:
            return Look(None, None)
        at = following
        if not deadline.remaining():
            break
    return Look(None, at)


def _whole(made_at: datetime) -> _Stretch:
    return _Stretch(made_at - CLOCK_TOLERANCE, made_at + LATEST)


def _stretches(made_at: datetime) -> list[_Stretch]:
    """Return the time around an attempt, in the order in which it is read."""
    before, after = LIKELY
    marks = made_at - CLOCK_TOLERANCE, made_at - before, made_at + after, made_at + LATEST
    early, likely, late = (_Stretch(*pair) for pair in pairwise(map(_cut, marks)))
    return [likely, late, early]


def _next(
    stretches: list[_Stretch], stretch: _Stretch, reached: datetime, page: _Page
) -> datetime | None:
    """Return where to go on after a page; None where it was the last."""
    if page.is_full:
        if not page.times or list(page.times) != sorted(page.times, reverse=True):
            raise Unclear("Vapi's list of calls is in no order in which it could be read on.")
        if page.times[-1] >= reached:
            raise Unclear(f"Vapi lists more than {PAGE_SIZE} calls of one moment.")
        if page.times[-1] > stretch.earliest:
            return page.times[-1]
    rest = stretches[stretches.index(stretch) + 1 :]
    return rest[0].latest if rest else None


def _id_in(page: _Page, wanted: Wanted) -> str | None:
    call_id = page.ids.get(wanted.attempt_id)
    if call_id == "":
        raise Unclear("Vapi lists the call without an id.")
    return call_id


def _read(
    door: Door, account: Account, wanted: Wanted, deadline: Deadline, stretch: _Stretch
) -> _Page:
    ours = {"assistantId": account.assistant_id, "phoneNumberId": account.phone_number_id}
    asked = request(
        *(account, "list_calls", "GET", "/call"),
        params={
            "createdAtGe": _iso(stretch.earliest),
            "createdAtLe": _iso(stretch.latest),
            **(ours if wanted.is_own else {}),
            "limit": PAGE_SIZE,
        },
        largest=LARGEST_LIST,
    )
    return door.ask(
        asked,
        timeout=deadline.remaining(),
        read=_page,
        worth=lambda page: _told(page, wanted.attempt_id),
    )


def _page(answer: Answer) -> _Page:
    listed = answer.json()
    if not isinstance(listed, list):
        raise ProviderError("Vapi GET /call answered something other than a list.")
    calls = [fields(call) for call in listed]
    times = [moment(call.get("createdAt")) for call in calls]
    return _Page(
        ids={_attempt_of(call): read_id(call) for call in reversed(calls)},
        times=tuple(time for time in times if time) if all(times) else (),
        is_full=len(listed) >= PAGE_SIZE,
    )


def _attempt_of(call: Mapping[str, Any]) -> str:
    """Return the attempt id that a call carries: in its metadata, or as the spare we send."""
    metadata = fields(fields(call.get("assistantOverrides")).get("metadata"))
    customer = fields(call.get("customer"))
    return text(metadata.get("attemptId")) or text(customer.get("externalId"))


def _told(page: _Page, attempt_id: str) -> dict[str, Any]:
    """Return what is worth telling of a page: whether the call is there; None: not in this part."""
    call_id = page.ids.get(attempt_id)
    return {"placed": bool(call_id) or (None if page.is_full else False), "id": call_id}


def _cut(at: datetime) -> datetime:
    """Return a moment as Vapi's list has it, in milliseconds."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
