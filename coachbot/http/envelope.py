"""The error envelope: the one shape of everything below /api/ that is not a success."""

import logging
import re
import sys

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.metadata import SimpleMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response

from coachbot.http import errors, outage
from coachbot.http.errors import ApiError

logger = logging.getLogger(__name__)

# So many of the issues are told in `message`.
MOST_TOLD = 3
UNKNOWN = (
    "It is not known what became of the request. Send the same again: a lead that was stored is "
    "answered duplicate_phone, and nobody is called twice."
)
# RFC 6839: a `+json` at the end says that it can be read as JSON.
JSON_TYPE = re.compile(r"application/(json|[a-z0-9!#$&^_.+-]+\+json)")


class Enveloped(Response):
    """An answer that needs no envelope any more. error_code: of what went wrong, for the log."""

    is_enveloped = True
    error_code = ""


def exception_handler(exception, context) -> Response:
    """DRF's hook: turn any exception of a view into an enveloped response."""
    error = _as_api_error(exception)
    if error.kind is errors.INTERNAL_ERROR:
        _report(exception, context)
    response = Enveloped(
        error.kind.body(error.message or summary(error.issues), error.issues),
        status=error.kind.status,
        headers=dict(error.headers),
    )
    response.error_code = error.cause or error.kind.code
    return response


def summary(issues: list[dict] | None) -> str | None:
    """Return the first of `issues` as a text: integration templates show nothing else."""
    if not issues:
        return None
    told = [f"{'.'.join(map(str, i['path'])) or 'body'}: {i['message']}" for i in issues]
    more = len(told) - MOST_TOLD
    return " ".join([*told[:MOST_TOLD], *([f"And {more} more."] if more > 0 else [])])


def _as_api_error(exception) -> ApiError:
    match exception:
        case ApiError():
            return exception
        case exceptions.ParseError() | exceptions.UnsupportedMediaType():
            return ApiError(errors.INVALID_JSON)
        case _ if isinstance(exception, outage.AWAY):
            logger.error("Database or cache is away: %s", exception)
            return outage.unavailable()
        case UnreadablePostError():  # the client went away, or was too slow
            return ApiError(errors.kind_for_status(400))
        case Http404():
            return ApiError(errors.NOT_FOUND)
        case PermissionDenied():
            return ApiError(errors.kind_for_status(403))
        case SuspiciousOperation():  # such as a query of a thousand names
            return ApiError(errors.kind_for_status(400))
        case exceptions.APIException():
            return ApiError(errors.kind_for_status(exception.status_code))
    return ApiError(errors.INTERNAL_ERROR)


def refuse(request, exception=None) -> JsonResponse:
    """Django's handlers of errors below /api/: what never reached a view, without a template.

    api_envelope() gives the status its kind. An outage is one here too, where the view was left
    already: what it did may be done.
    """
    if exception is None and isinstance(sys.exc_info()[1], outage.AWAY):
        return _out(outage.unavailable(UNKNOWN))
    status = 404
    match exception:
        case SuspiciousOperation():
            status = 400
        case PermissionDenied():
            status = 403
        case None:
            status = 500
    return JsonResponse(errors.kind_for_status(status).body(), status=status)


def _out(error: ApiError) -> JsonResponse:
    body = error.kind.body(error.message)
    response = JsonResponse(body, status=error.kind.status, headers=dict(error.headers))
    response.is_enveloped = True  # type: ignore[attr-defined]  # api_envelope() asks for it
    return response


def _report(exception, context) -> None:
    """Tell the log and error monitors of a bug: whoever swallows an exception has to."""
    request = context["request"]
    got_request_exception.send(sender=exception_handler, request=request._request)
    logger.error("Unexpected exception at %s %s", request.method, request.path, exc_info=exception)


class AlwaysJSON(DefaultContentNegotiation):
    """JSON in and out: the API has no other form.

    It answers JSON whatever the Accept header says, and reads what was sent as JSON; a
    wildcard, which DRF would take for a match, says nothing.
    """

    def select_parser(self, request, parsers):
        sent_as = request.content_type.partition(";")[0].strip().lower()
        return parsers[0] if JSON_TYPE.fullmatch(sent_as) else None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class OkMetadata(SimpleMetadata):
    """DRF's answer to OPTIONS, with the `ok` that every success carries.

    Without the view's docstring, which is for those who read the code.
    """

    def determine_metadata(self, request, view):
        metadata = super().determine_metadata(request, view)
        del metadata["description"]
        return {"ok": True, **metadata}
