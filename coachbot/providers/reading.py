"""Reading a provider's JSON field by field: whatever stands there, what comes out has its type.

Every field is optional on the wire, and its text may be of a kind that no database holds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from coachbot.db.storable import storable

EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
# Of an amount of money: a hundredth of a cent.
SMALLEST = Decimal("0.0001")


def text(value: Any) -> str:
    """Return a string, stripped and storable; "" for anything else."""
    return storable(value).strip() if isinstance(value, str) else ""


def fields(value: Any) -> Mapping[str, Any]:
    """Return an object's fields; none for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a list's items; none for anything else."""
    return value if isinstance(value, list) else []


def moment(value: Any) -> datetime | None:
    """Read epoch milliseconds or ISO 8601, to the millisecond; None for anything else."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000, UTC)
        else:
            found = datetime.fromisoformat(value)
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def amount(value: Any, *, below: Decimal) -> Decimal | None:
    """Read an amount of money from 0 up; None for anything else. below: what it cannot be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = Decimal(str(value))
    return found.quantize(SMALLEST) if found.is_finite() and 0 <= found < below else None
