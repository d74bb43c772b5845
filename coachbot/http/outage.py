"""The database or Redis is away: what that looks like, for the API and for pages."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from redis.exceptions import RedisError

from coachbot.http import errors, faults
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
        return faults.fault()
    return faults.page(
        503,
        "Back in a moment",
        "The server cannot reach its database just now. Nothing that was accepted is lost. "
        "Try again in a few seconds.",
        retry_after=RETRY_AFTER,
    )
