"""Reading JSON request bodies: strict, and capped before anything is read."""

import json
from typing import Any

from django.http import UnreadablePostError
from rest_framework.parsers import BaseParser

from coachbot.http import errors
from coachbot.http.errors import ApiError
from coachbot.nesting import is_too_deep

LARGEST_BODY = 64 * 1024


class CappedJSONParser(BaseParser):
    """Parses a body as UTF-8 JSON.

    The view may set `largest_body` (bytes), and `takes_repeated_keys` where the last of
    several counts, as with a provider's messages. Raises ApiError with PAYLOAD_TOO_LARGE or
    INVALID_JSON, the latter also for NaN, Infinity, numbers too long for Python to read, a key
    that stands twice, and nesting too deep. A byte order mark before it is dropped. The bytes
    stay on the view as `body_bytes`, and fractions know how they were written.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        largest = getattr(parser_context["view"], "largest_body", LARGEST_BODY)
        body = read_capped(parser_context["request"], stream, largest)
        parser_context["view"].body_bytes = body
        takes_repeated = getattr(parser_context["view"], "takes_repeated_keys", False)
        return read_json(body, takes_repeated_keys=takes_repeated)


def read_json(body: bytes, *, takes_repeated_keys: bool = False) -> Any:
    """Return what UTF-8 JSON says. Raises ApiError with INVALID_JSON, as CappedJSONParser tells."""
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            parse_float=WrittenFloat,
            object_pairs_hook=dict if takes_repeated_keys else _refuse_repeated_keys,
        )
    except RepeatedKey as error:
        raise ApiError(errors.INVALID_JSON, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise ApiError(errors.INVALID_JSON) from error
    if is_too_deep(value):
        raise ApiError(errors.INVALID_JSON)
    return value


def read_capped(request, stream, largest: int) -> bytes:
    """Return a body. Raises ApiError with PAYLOAD_TOO_LARGE, or INVALID_JSON where it broke off."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
        raise ApiError(errors.PAYLOAD_TOO_LARGE)
    return _read(stream)


def _read(stream) -> bytes:
    try:
        return stream.read()
    except UnreadablePostError as error:  # it broke off, and what came is not all there is
        raise ApiError(errors.INVALID_JSON) from error


class WrittenFloat(float):
    """A fraction that remembers how the JSON wrote it: `1.50`."""

    written: str

    def __new__(cls, written: str):
        number = super().__new__(cls, written)
        number.written = written
        return number


class RepeatedKey(Exception):
    """A key stands twice in one object, so that it is open which of the two is meant."""


def _refuse_repeated_keys(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise RepeatedKey(f"The key {json.dumps(repeated[:80])} stands twice in one object.")
    return found


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")
