"""RateLimit and RateLimit-Policy: how much of its windows a key has left.

As in draft-ietf-httpapi-ratelimit-headers-10: lists of structured fields, where q is the
quota, w the window, r what remains and t the time until it is full again, in seconds.
"""

from collections.abc import Iterable
from typing import Any

from workspaces.rate_limits.windows import Window

NAMES = {1: "second", 60: "minute", 3600: "hour", 86400: "day"}


def rate_limit_headers(windows: Iterable[Window]) -> dict[str, str]:
    """Return both headers for the windows that a request was counted in; none for none."""
    named = [(NAMES.get(window.period, f"{window.period}s"), window) for window in windows]
    policies = [f'"{name}";q={window.limit};w={window.period}' for name, window in named]
    states = [f'"{name}";r={window.remaining};t={window.reopens_in}' for name, window in named]
    if not named:
        return {}
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}


class RateLimited:
    """A mixin for a view of DRF: its answers carry what the throttle put on the request."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]  # the view's
        for name, value in rate_limit_headers(getattr(request, "rate_limits", ())).items():
            response.headers[name] = value
        return response
