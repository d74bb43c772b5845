"""What time it is, and how the providers spell it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """A time in their spelling: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=65_536)  # a list of thousands of calls is read page by page
def moment_of(text: str) -> datetime:
    """ISO 8601 in, time out; one without a zone is UTC. Raises ValueError if it cannot be read."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
