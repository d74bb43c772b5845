"""How deep a JSON value may be, so that nothing which walks one runs into Python's own limit."""

from collections.abc import Iterable
from typing import Any

DEEPEST_NESTING = 100


def is_too_deep(value: Any) -> bool:
    """Tell whether a value is nested too deep. Goes down level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST_NESTING + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
