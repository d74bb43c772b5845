"""DRF's questions to a request of the Public API: whose key and workspace, how often, may it.

After them `request.auth` is the ApiKey and `request.auth.workspace` the tenant.
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import ViewSet

from coachbot.http import errors
from coachbot.http.addresses import client_address
from coachbot.http.errors import ApiError
from workspaces import api_keys
from workspaces.models import Scope
from workspaces.rate_limits import windows

BEARER = re.compile(r"Bearer +([\x21-\x7e]+)", re.IGNORECASE)


class ApiKeyAuthentication(BaseAuthentication):
    """Turns the Authorization header into an ApiKey, or raises the contract's 401."""

    def authenticate(self, request):
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            raise unauthorized(request, errors.MISSING_AUTHORIZATION)
        match = BEARER.fullmatch(header.strip())
        if match is None:
            raise unauthorized(request, errors.MALFORMED_AUTHORIZATION)
        key = api_keys.find_key(match[1])
        if key is None:
            # RFC 6750, 3.1: only a token that was sent and not accepted is named invalid.
            raise unauthorized(request, errors.INVALID_API_KEY, ' error="invalid_token"')
        api_keys.note_use(key)
        return AnonymousUser(), key


def unauthorized(request, kind, challenge="") -> ApiError:
    """Return the 401 for a failed authentication, or a 429 where there were too many."""
    try:
        windows.count_failed_key(client_address(request))
    except windows.RateLimited as limited:
        return rate_limit_error(limited)
    return ApiError(kind, headers={"WWW-Authenticate": f"Bearer{challenge}"})


def rate_limit_error(limited: windows.RateLimited) -> ApiError:
    """Return the 429 for a full window."""
    kind = errors.HOURLY_LIMIT if limited.is_hourly else errors.MINUTE_LIMIT
    return ApiError(kind, headers={"Retry-After": str(limited.retry_after)})


class HasWorkspace(BasePermission):
    """Refuses a good key whose workspace has been deleted."""

    def has_permission(self, request, view):
        if request.auth.workspace is None:
            raise ApiError(errors.WORKSPACE_NOT_FOUND)
        return True


class KeyThrottle(BaseThrottle):
    """Counts the request in its key's windows, and leaves them on it as `rate_limits`."""

    def allow_request(self, request, view):
        is_read = request.method in ("GET", "HEAD")
        try:
            request.rate_limits = windows.count_key_request(request.auth.pk, is_read=is_read)
        except windows.RateLimited as limited:
            request.rate_limits = limited.windows
            raise rate_limit_error(limited) from limited
        return True


class Scoped(ViewSet):
    """A mixin for a viewset: an action needs the scope of its key that `scopes` names for it.

    It is looked at once the request was counted, so that nobody asks in vain without end.
    """

    scopes: ClassVar[Mapping[str, Scope]]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        scope = self.scopes.get(self.action or "")
        if scope and scope not in request.auth.scopes:
            raise insufficient_scope(scope)


def insufficient_scope(scope: Scope) -> ApiError:
    """Return the 403 for a key without a scope, as RFC 6750, 3.1 has it."""
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return ApiError(
        errors.INSUFFICIENT_SCOPE,
        f"This API key may not {scope.label}: it needs the scope {scope}.",
        headers={"WWW-Authenticate": challenge},
    )
