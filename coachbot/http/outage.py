"""The database or Redis is away: what that looks like, for the API and for pages."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from redis.exceptions import RedisError

from coachbot.http import errors
from coachbot.http.errors import ApiError

AWAY = (OperationalError, InterfaceError, RedisError)
# Seconds that a client should wait meanwhile.
RETRY_AFTER = "5"


def unavailable(message: str | None = None) -> ApiError:
    """Return the 503 of the API: what is asked for cannot be done now, and may be soon."""
    return ApiError(errors.UNAVAILABLE, message, headers={"Retry-After": RETRY_AFTER})


def server_error(request) -> HttpResponse:
    """Django's handler500: a page that says whether it is an outage or a fault of ours."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return defaults.server_error(request)
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})
