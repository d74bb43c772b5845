"""Which time of day is meant: half past five, 17:00, 3pm, noon."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from leads.contact.wishes.words import Words

HALF = r"(?: ?(?P<half>[ap]m))?"
HOUR, MINUTE = r"(?P<hour>\d{1,2})", r"(?P<minute>[0-5]\d)"
# An hour up to this one, said alone, is one of the afternoon.
LAST_OF_AFTERNOON = 7


@dataclass(frozen=True)
class Clock:
    """A time of day. is_plain: whether it can only be that one, and not 12 hours later."""

    hour: int
    minute: int
    is_plain: bool

    def readings(self, *, is_late: bool | None) -> list[time]:
        """Return what it may be, the likelier first. is_late: after noon, where that was said."""
        if self.is_plain:
            return [time(self.hour, self.minute)]
        early, late = self.hour % 12, self.hour % 12 + 12
        if is_late is not None:
            return [time(late if is_late else early, self.minute)]
        if self.hour == 12 or self.hour <= LAST_OF_AFTERNOON:
            return [time(late, self.minute)]
        return [time(early, self.minute), time(late, self.minute)]


def take(words: Words) -> Clock | None:
    """Take the time of day out of a wish; None where none is said.

    Raises ValueError for what is no time.
    """
    for pattern, read in PATTERNS:
        if found := words.take(pattern):
            return read(found)
    return None


def _clock(found: re.Match[str]) -> Clock:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    half = parts.get("half")
    if parts.get("end") and hour < int(parts["end"]):  # between 3 and 5pm
        half = half or parts["half_of_end"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("That is no hour of half a day.")
        return Clock(hour % 12 + (12 if half == "pm" else 0), minute, is_plain=True)
    is_plain = hour > 12 or parts["hour"].startswith("0")
    time(hour % 24, minute)
    if hour > 24:
        raise ValueError("That is no hour.")
    return Clock(hour % 24, minute, is_plain)


def _past(found: re.Match[str]) -> Clock:
    """Half past five, quarter to six, 10 to 6."""
    said = _clock(found)
    minutes = {"half": 30, "quarter": 15}.get(found["part"]) or int(found["part"])
    if found["way"] in ("to", "before", "til", "till"):
        hour, minute = (said.hour - 1) % 24, 60 - minutes
        return Clock(hour if said.is_plain else hour % 12 or 12, minute, said.is_plain)
    return Clock(said.hour, minutes, said.is_plain)


def _fixed(hour: int) -> Callable[[re.Match[str]], Clock]:
    return lambda found: Clock(hour, 0, is_plain=True)


END = r"(?P<end>\d{1,2})(?:[:.][0-5]\d)?(?: ?(?P<half_of_end>[ap]m))?"
# Of other numbers "2 to 4" is a span.
PART = r"(?P<part>half|quarter|5|10|20|25|[1-5]?\d(?= minutes?))(?: minutes?)?"
PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], Clock]], ...] = (
    (r"(?:at |around |12 )?(?:noon|midday)", _fixed(12)),
    (r"(?:at )?(?:12 )?midnight", _fixed(0)),
    (rf"between {HOUR}(?:[:.]{MINUTE})?{HALF} and {END}", _clock),
    (rf"from {HOUR}(?:[:.]{MINUTE})?{HALF}(?: (?:on|(?:to|until|till) {END}))?", _clock),
    (rf"(?:a )?{PART} (?P<way>past|after|to|before|till?) {HOUR}{HALF}", _past),
    (rf"{HOUR}[:.h]{MINUTE}(?::\d\d)?{HALF}", _clock),
    (rf"{HOUR} ?h(?:ours)?", _clock),
    (rf"{HOUR} ?(?P<half>[ap]m)", _clock),
    (rf"{HOUR} {MINUTE}{HALF}", _clock),
    (rf"(?P<hour>[01]\d|2[0-3]){MINUTE}(?: hours)?", _clock),
    (HOUR, _clock),
)
