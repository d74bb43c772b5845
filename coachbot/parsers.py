"""Reading JSON request bodies: strict, and capped before anything is read."""

import json

from rest_framework.parsers import BaseParser

from coachbot import errors
from coachbot.errors import ApiError

LARGEST_BODY = 64 * 1024
# Far from Python's own limit, so that nothing which walks a body later can run into that.
DEEPEST_NESTING = 100


class CappedJSONParser(BaseParser):
    """Parses a body as UTF-8 JSON.

    The view may set `largest_body` (bytes). Raises ApiError with PAYLOAD_TOO_LARGE or
    INVALID_JSON, the latter also for NaN, Infinity, numbers too long for Python to read
    and nesting too deep. The bytes stay on the view as `body_bytes`.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        largest = getattr(parser_context["view"], "largest_body", LARGEST_BODY)
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > largest:
            raise ApiError(errors.PAYLOAD_TOO_LARGE)
        parser_context["view"].body_bytes = body = stream.read()
        try:
            value = json.loads(body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ApiError(errors.INVALID_JSON) from error
        if _is_too_deep(value):
            raise ApiError(errors.INVALID_JSON)
        return value


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def _is_too_deep(value) -> bool:
    """Go down level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST_NESTING + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
