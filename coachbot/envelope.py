"""The error envelope: the one shape of everything below /api/ that is not a success."""

import logging

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.metadata import SimpleMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response

from coachbot import errors, outage
from coachbot.errors import ApiError

logger = logging.getLogger(__name__)


def exception_handler(exception, context) -> Response:
    """DRF's hook: turn any exception of a view into an enveloped response."""
    error = _as_api_error(exception)
    if error.kind is errors.INTERNAL_ERROR:
        _report(exception, context)
    response = Response(
        error.kind.body(error.message, error.issues),
        status=error.kind.status,
        headers=dict(error.headers),
    )
    response.is_enveloped = True
    return response


def _as_api_error(exception) -> ApiError:
    match exception:
        case ApiError():
            return exception
        case exceptions.ParseError() | exceptions.UnsupportedMediaType():
            return ApiError(errors.INVALID_JSON)
        case _ if isinstance(exception, outage.AWAY):
            logger.error("Database or cache is away: %s", exception)
            return ApiError(errors.UNAVAILABLE, headers={"Retry-After": outage.RETRY_AFTER})
        case Http404():
            return ApiError(errors.NOT_FOUND)
        case PermissionDenied():
            return ApiError(errors.kind_for_status(403))
        case exceptions.APIException():
            return ApiError(errors.kind_for_status(exception.status_code))
    return ApiError(errors.INTERNAL_ERROR)


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
        return next((parser for parser in parsers if parser.media_type == sent_as), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class OkMetadata(SimpleMetadata):
    """DRF's answer to OPTIONS, with the `ok` that every success carries."""

    def determine_metadata(self, request, view):
        return {"ok": True, **super().determine_metadata(request, view)}
