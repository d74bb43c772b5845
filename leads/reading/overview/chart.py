"""The chart of the leads of each day, or of each week where there are many days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

# Up to so many days each has a bar; then each week has one.
MOST_DAYS = 31
HEIGHT = 100  # of its view box
MOST_LABELS = 6
MOST_STEPS = 4


class Received(Protocol):
    """A lead, as far as the chart goes."""

    @property
    def day(self) -> date: ...
    @property
    def is_reached(self) -> bool: ...
    @property
    def is_booked(self) -> bool: ...


@dataclass
class Bar:
    """Some days: how many leads came in, and what became of them. has_label: below it."""

    since: date
    until: date
    leads: int = 0
    reached: int = 0
    booked: int = 0
    has_label: bool = False

    @property
    def is_one_day(self) -> bool:
        return self.since == self.until


@dataclass(frozen=True)
class Part:
    """A part of a bar, in units of the view box."""

    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Bars, and the numbers beside them, the highest first. most: of the highest bar."""

    bars: list[Bar]
    ticks: list[int]

    @property
    def is_by_week(self) -> bool:
        return any(not bar.is_one_day for bar in self.bars)

    @property
    def most(self) -> int:
        return max(bar.leads for bar in self.bars)

    @property
    def lines(self) -> list[float]:
        """Return where the lines of the ticks lie."""
        return [self._part(tick).y for tick in self.ticks]

    @property
    def drawn(self) -> Iterator[tuple[Bar, Part, Part, Part]]:
        """Yield each bar with its parts: all leads, those reached, those booked."""
        for bar in self.bars:
            yield bar, self._part(bar.leads), self._part(bar.reached), self._part(bar.booked)

    def _part(self, number: int) -> Part:
        height = round(HEIGHT * number / self.ticks[0], 2)
        return Part(round(HEIGHT - height, 2), height)


def draw(leads: Iterable[Received], since: date, until: date) -> Chart | None:
    """Return the chart of the leads of some days; None of a single day, which needs none."""
    if since == until:
        return None
    bars = _bars(since, until)
    length = (bars[-1].until - bars[-1].since).days + 1
    for lead in leads:
        bar = bars[len(bars) - 1 - (until - lead.day).days // length]
        bar.leads += 1
        bar.reached += lead.is_reached
        bar.booked += lead.is_booked
    return Chart(bars, _ticks(max(bar.leads for bar in bars)))


def _bars(since: date, until: date) -> list[Bar]:
    """Return empty bars, the first perhaps of fewer days."""
    length = 1 if (until - since).days < MOST_DAYS else 7
    ends = [until - timedelta(days=age) for age in range(0, (until - since).days + 1, length)]
    bars = [Bar(max(since, end - timedelta(days=length - 1)), end) for end in reversed(ends)]
    step = -(-len(bars) // MOST_LABELS)
    for bar in bars[::step]:
        bar.has_label = True
    return bars


def _ticks(most: int) -> list[int]:
    """Return round numbers from the first one above all bars down to 0."""
    step = next(step for step in _steps() if step * MOST_STEPS >= most)
    return list(range(step * max(1, -(-most // step)), -1, -step))


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
