"""The database or Redis is away: how that is known, and what the API answers meanwhile."""

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from coachbot.http import errors
from coachbot.http.errors import ApiError

AWAY = (OperationalError, InterfaceError, RedisError)
# Seconds that a client should wait meanwhile.
RETRY_AFTER = "5"


def unavailable(message: str | None = None) -> ApiError:
    """Return the 503 of the API: what is asked for cannot be done now, and may be soon."""
    return ApiError(errors.UNAVAILABLE, message, headers={"Retry-After": RETRY_AFTER})
