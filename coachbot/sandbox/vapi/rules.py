"""Small checks to build a schema from, in the words of class-validator, which Vapi uses.

A rule takes a path and a value and yields one sentence for each thing that is wrong.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from coachbot.sandbox.vapi.catalog import is_uuid

Rule = Callable[[str, Any], Iterator[str]]
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")


def text(longest: int | None = None, shortest: int = 0) -> Rule:
    """A string of a length between the two."""

    def check(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path} must be a string"
        elif longest is not None and len(value) > longest:
            yield f"{path} must be shorter than or equal to {longest} characters"
        elif len(value) < shortest:
            yield f"{path} must be longer than or equal to {shortest} characters"

    return check


def number(lowest: int, highest: int) -> Rule:
    """A number between the two."""

    def check(path: str, value: Any) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{path} must be a number conforming to the specified constraints"
        elif value < lowest:
            yield f"{path} must not be less than {lowest}"
        elif value > highest:
            yield f"{path} must not be greater than {highest}"

    return check


def one_of(allowed: Collection[str]) -> Rule:
    """One of these strings."""

    def check(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str) or value not in allowed:
            yield f"{path} must be one of the following values: {', '.join(allowed)}"

    return check


def each(rule: Rule) -> Rule:
    """An array whose members all follow the rule."""

    def check(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} must be an array"
            return
        for member in value:
            yield from rule(f"each value in {path}", member)

    return check


def fields(rules: Mapping[str, Rule], required: Collection[str] = ()) -> Rule:
    """An object with only these properties; null counts as absent, as in class-validator."""

    def check(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path or 'body'} must be an object"
            return
        prefix = f"{path}." if path else ""
        yield from (f"{prefix}property {n} should not exist" for n in value if n not in rules)
        yield from (f"{prefix}{n} must be present" for n in required if value.get(n) is None)
        for name, rule in rules.items():
            if value.get(name) is not None:
                yield from rule(f"{prefix}{name}", value[name])

    return check


def boolean(path: str, value: Any) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{path} must be a boolean value"


def uuid_text(path: str, value: Any) -> Iterator[str]:
    """A UUID in its usual spelling."""
    if not is_uuid(value):
        yield f"{path} must be a UUID"


def any_object(path: str, value: Any) -> Iterator[str]:
    """An object; nobody looks inside."""
    if not isinstance(value, dict):
        yield f"{path} must be an object"


def moment(path: str, value: Any) -> Iterator[str]:
    """A date, or a date and time."""
    if not isinstance(value, str) or not _ISO_TIME.fullmatch(value):
        yield f"{path} must be a valid ISO 8601 date string"


def url(path: str, value: Any) -> Iterator[str]:
    """A web address; an empty string is none."""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        yield f"{path} must be a valid URL"
