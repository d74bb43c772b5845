"""How long leads waited for the first contact: a median of several, and never of one."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

# From so many leads on: of fewer, the middle one is chance, and so is one of the last twenty.
LEAST_FOR_MEDIAN, LEAST_FOR_PERCENTILE = 5, 20
SHARE = 0.95


@dataclass(frozen=True)
class Speed:
    """Seconds from when a lead came in until its first call that rang was begun, or until its first
    message was sent; the shortest first. Whatever it waited for counts: hours, limits, a person.
    """

    seconds: tuple[float, ...] = ()

    @property
    def number(self) -> int:
        return len(self.seconds)

    @property
    def median(self) -> float | None:
        """Return the middle one, None of too few."""
        return statistics.median(self.seconds) if self.number >= LEAST_FOR_MEDIAN else None

    @property
    def percentile(self) -> float | None:
        """Return what 95 of 100 waited at most, None of too few."""
        if self.number < LEAST_FOR_PERCENTILE:
            return None
        return self.seconds[math.ceil(SHARE * self.number) - 1]

    @property
    def shortest(self) -> float | None:
        return self.seconds[0] if self.seconds else None

    @property
    def longest(self) -> float | None:
        return self.seconds[-1] if self.seconds else None


def speed_of(seconds: Iterable[float]) -> Speed:
    """Return the speed of some leads. Clocks of two machines may make a second less than none."""
    return Speed(tuple(sorted(max(0.0, each) for each in seconds)))
