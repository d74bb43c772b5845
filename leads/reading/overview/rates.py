"""How many of how many, and as a percentage where that says something."""

from dataclasses import dataclass

# Of fewer, one person more or less changes it by more than a tenth.
LEAST_FOR_PERCENT = 10


@dataclass(frozen=True)
class Rate:
    """So many of a base."""

    part: int
    base: int

    @property
    def percent(self) -> int | None:
        """Return it as a percentage, None of a base that is too small for one. 0 is said only of
        none, and 100 only of all.
        """
        if self.base < LEAST_FOR_PERCENT:
            return None
        rounded = round(100 * self.part / self.base)
        return rounded if self.part in (0, self.base) else min(max(rounded, 1), 99)
