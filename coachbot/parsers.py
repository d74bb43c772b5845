"""Reading JSON request bodies: strict, and capped before anything is read."""

import json

from rest_framework.parsers import BaseParser

from coachbot import errors
from coachbot.errors import ApiError

LARGEST_BODY = 64 * 1024


class CappedJSONParser(BaseParser):
    """Parses a body as UTF-8 JSON.

    The view may set `largest_body` (bytes). Raises ApiError with PAYLOAD_TOO_LARGE or
    INVALID_JSON, the latter also for NaN, Infinity, numbers too long and nesting too deep
    for Python to read.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        largest = getattr(parser_context["view"], "largest_body", LARGEST_BODY)
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > largest:
            raise ApiError(errors.PAYLOAD_TOO_LARGE)
        try:
            return json.loads(stream.read().decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ApiError(errors.INVALID_JSON) from error


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")
