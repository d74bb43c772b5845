"""What the settings of the follow-up say, in sentences for people. Pure."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from workspaces.models import Workspace
from workspaces.settings import calling_hours, follow_up_plan
from workspaces.settings.calling_hours import MINUTES_A_DAY, Hours

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
BAD = "This setting cannot be read, so nobody is contacted by it. Enter it anew."


def follow_up(workspace: Workspace) -> list[str]:
    """Return how the leads of a workspace are followed, by its settings as they are saved."""
    try:
        first = hours(calling_hours.parse(workspace.first_call_hours))
        later = hours(calling_hours.parse(workspace.later_call_hours))
        gaps = follow_up_plan.parse(workspace.follow_up_plan).gaps
        off = len(calling_hours.parse_days_off(workspace.days_off))
    except (calling_hours.BadHours, follow_up_plan.BadPlan):
        return [BAD]
    begin = "At once" if first == "at any time" else f"At once, {first}"
    if not gaps:
        return [f"{begin}, and then not again of the agent's own accord.", *_days_off(off)]
    said = [
        f"{begin}, then {spoken(gaps)} after an attempt that nobody answered, {later}.",
        f"{len(gaps) + 1} attempts in all, at most {workspace.calls_a_day_per_lead} a day to one "
        "lead, in the time zone of the lead.",
    ]
    if not workspace.is_whatsapp:
        said.append(_voicemail(workspace.voicemail_counts_as_reached))
    return [*said, *_days_off(off)]


def _voicemail(counts_as_reached: bool) -> str:
    if counts_as_reached:
        return "A lead whose voicemail answered is not called again."
    return "A voicemail is an attempt like one that nobody answered."


def _days_off(number: int) -> list[str]:
    return [f"Not on {number} day{'' if number == 1 else 's'} off."] if number else []


def spoken(gaps: Sequence[timedelta]) -> str:
    """Return gaps as people say them: `45 minutes, 3 hours, 1, 3 and 6 days`."""
    measured = [_measured(gap) for gap in gaps]
    said = []
    for place, (number, unit) in enumerate(measured):
        is_last_of_unit = place + 1 == len(measured) or measured[place + 1][1] != unit
        plural = "" if number == 1 else "s"
        said.append(f"{number} {unit}{plural}" if is_last_of_unit else str(number))
    return listed(said)


def _measured(gap: timedelta) -> tuple[int, str]:
    """Return a gap in the largest unit that it is a whole number of."""
    unit, length = next((u, length) for u, length in UNITS if not gap % length)
    return gap // length, unit


def hours(allowed: Hours) -> str:
    """Return hours as people say them: `Mon-Fri 09:00-20:00, Sat 10:00-17:00`."""
    if set(allowed.windows) == set(calling_hours.ANY_TIME.windows):
        return "at any time"
    by_window: dict[tuple[int, int], list[int]] = {}
    for window in sorted(allowed.windows):
        by_window.setdefault((window.start, window.end), []).append(window.day)
    runs = sorted(
        (days[0], start, f"{_days(days)} {_clock(start)}-{_clock(end)}")
        for (start, end), found in by_window.items()
        for days in _runs(found)
    )
    return ", ".join(said for _, _, said in runs)


def _runs(days: list[int]) -> Iterable[list[int]]:
    for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        yield [day for _, day in run]


def _days(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"


def _clock(minute: int) -> str:
    return "24:00" if minute == MINUTES_A_DAY else f"{minute // 60:02}:{minute % 60:02}"


def listed(said: Sequence[str]) -> str:
    """Return words with commas between, and "and" before the last."""
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]
