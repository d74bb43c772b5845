"""When a provider may be asked again, as the headers of its answer say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# What is longer is not believed.
LONGEST = 86_400.0


def read(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds to wait, 0 to LONGEST; None where nothing usable is said.

    headers: looked up whatever their case. `retry-after-ms` is OpenAI's, the other is RFC 9110's:
    seconds, or a date. now: aware, else the clock is asked.
    """
    found = _seconds(headers.get("retry-after-ms", ""), 1000)
    if found is None:
        found = _seconds(headers.get("Retry-After", ""), 1)
    if found is None:
        found = _until(headers.get("Retry-After", ""), now or datetime.now(UTC))
    return found if found is not None and 0 <= found <= LONGEST else None


def _seconds(text: str, unit: int) -> float | None:
    try:
        return float(text) / unit
    except ValueError:
        return None


def _until(text: str, now: datetime) -> float | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None
