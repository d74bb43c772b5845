"""The lead's words as data: quoted, cut to size, and unable to end the block they stand in."""

import json
from collections.abc import Mapping
from typing import Any

from coachbot.db.storable import storable

# Characters of a value, and of all of them.
LONGEST_VALUE, LONGEST_BLOCK = 500, 6_000
MOST_VALUES = 60
LONGEST_MESSAGE = 4_000
OPEN, CLOSE = "<lead_data>", "</lead_data>"


def block(data: Mapping[str, Any]) -> str:
    """Return data of a lead as one line of JSON between two marks, which none of it can contain."""
    short = {str(key)[:80]: _short(value) for key, value in list(data.items())[:MOST_VALUES]}
    filled = {key: value for key, value in short.items() if value not in ("", None, {}, [])}
    while len(text := _escaped(filled)) > LONGEST_BLOCK and filled:
        filled.popitem()
    return f"{OPEN}{text}{CLOSE}"


def message(text: str) -> str:
    """Return what a lead wrote as it is handed to the model: cut, and without what is unseen."""
    return storable(text).strip()[:LONGEST_MESSAGE]


def _short(value: Any) -> Any:
    match value:
        case str():
            return storable(value).strip()[:LONGEST_VALUE]
        case Mapping():
            pairs = list(value.items())[:MOST_VALUES]
            return {storable(str(key))[:80]: _flat(item) for key, item in pairs}
        case list() | tuple():
            return [_flat(item) for item in value[:MOST_VALUES]]
    return value


def _flat(value: Any) -> Any:
    """Return a value within another one: nothing deeper is told."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return storable(value if isinstance(value, str) else json.dumps(value, default=str)).strip()[
        :LONGEST_VALUE
    ]


def _escaped(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
