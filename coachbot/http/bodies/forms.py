"""Reading what form builders send: JSON, urlencoded or multipart, whatever they call it.

Names in brackets, as PHP reads them, are nested: `fields[name][value]`, `days[]`.
Files are not kept.
"""

import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework.parsers import BaseParser

from coachbot.http import errors
from coachbot.http.bodies.parsers import LARGEST_BODY, read_capped, read_json
from coachbot.http.errors import ApiError

MULTIPART = "multipart/form-data"
MOST_FIELDS = 1_000
DEEPEST_NAME = 20
BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
EMPTY = "The body is empty."
UNREADABLE = "The body is neither JSON nor the fields of a form."
TOO_MANY = f"The form has more than {MOST_FIELDS} fields."


class FormBodyParser(BaseParser):
    """Parses a body as read_body() does. Raises ApiError as CappedJSONParser does."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        request = parser_context["request"]
        body = read_capped(request, stream, LARGEST_BODY)
        return read_body(body, request.META.get("CONTENT_TYPE", ""))


def read_body(body: bytes, sent_as: str) -> Any:
    """Return a body as JSON-like data. sent_as: its Content-Type, which many tools get wrong.

    Raises ApiError with INVALID_JSON.
    """
    kind = sent_as.partition(";")[0].strip().lower()
    if not body.strip():
        raise ApiError(errors.INVALID_JSON, EMPTY)
    if kind == MULTIPART:
        return _nested(_multipart(body, sent_as))
    if kind.endswith("json") or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_json(body)
    if b"=" not in body:
        raise ApiError(errors.INVALID_JSON, UNREADABLE)
    return _nested(_urlencoded(body))


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    text = body.decode("utf-8", "replace").strip()
    if text.count("&") >= MOST_FIELDS:
        raise ApiError(errors.INVALID_JSON, TOO_MANY)
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def _multipart(body: bytes, sent_as: str) -> list[tuple[str, str]]:
    meta = {"CONTENT_TYPE": sent_as, "CONTENT_LENGTH": len(body)}
    try:
        # Without handlers of uploads, what is in a file is dropped while it is read.
        fields, _ = MultiPartParser(meta, BytesIO(body), [], settings.DEFAULT_CHARSET).parse()
    except (MultiPartParserError, SuspiciousOperation, ValueError, LookupError) as error:
        raise ApiError(errors.INVALID_JSON, UNREADABLE) from error
    return [(name, value) for name, values in fields.lists() for value in values]


def _nested(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """Return fields by name. One that is there several times, or ends in `[]`, is a list."""
    found: dict[str, Any] = {}
    for name, value in fields:
        *parents, last = _segments(name)
        place = _place(found, parents)
        if place is None:  # `a` and `a[b]` in one body
            place, last = found, name
        _add(place, last, _value(value))
    return found


def _place(found: dict[str, Any], parents: list[str]) -> dict[str, Any] | None:
    """Return the object in which a name belongs; None where something else stands there."""
    place: Any = found
    for parent in parents:
        place = place.setdefault(parent, {})
        if not isinstance(place, dict):
            return None
    return place


def _segments(name: str) -> list[str]:
    """Return `fields[name][value]` as its three names; what is not written so, as it is."""
    match = BRACKETED.fullmatch(name)
    inner = re.findall(r"\[([^\[\]]*)\]", match[2]) if match else []
    if match is None or len(inner) > DEEPEST_NAME or "" in inner[:-1]:
        return [name]
    return [match[1], *[segment for segment in inner if segment]]


def _add(place: dict[str, Any], name: str, value: Any) -> None:
    if name not in place:
        place[name] = value
    elif isinstance(place[name], list):
        place[name].append(value)
    elif isinstance(place[name], dict):  # `a[b]` and `a` in one body
        _add(place[name], "", value)
    else:
        place[name] = [place[name], value]


def _value(text: str) -> Any:
    """Return an object where a field holds one as JSON, as Jotform's `rawRequest`; else text."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        return read_json(text.encode("utf-8", "replace"), takes_repeated_keys=True)
    except ApiError:
        return text
