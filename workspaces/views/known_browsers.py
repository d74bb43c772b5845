"""Browsers from which somebody has signed in to an account, known by a signed cookie.

Each has attempts of its own, so that those of strangers do not keep people out of their accounts.
The cookie opens nothing: it holds a random id of the browser, and digests of its accounts.
"""

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

from coachbot.visible import folded

COOKIE = "known_browser"
SALT = "coachbot.known_browser"
LASTS = 365 * 24 * 3600
MOST_ACCOUNTS = 5


def known_as(request, email: str) -> str:
    """Return the id of a browser that knows the account of an address, else ""."""
    browser, *accounts = _read(request)
    return browser if _digest(email) in accounts else ""


def remember(request, response, email: str) -> None:
    """Let the browser know an account, to which somebody has just proved their right."""
    browser, *accounts = _read(request)
    account = _digest(email)
    others = [other for other in accounts if other != account]
    response.set_signed_cookie(
        COOKIE,
        ".".join([browser or secrets.token_hex(8), account, *others][: MOST_ACCOUNTS + 1]),
        salt=SALT,
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request) -> list[str]:
    """Return the browser's id, which may be "", and its accounts."""
    return request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=LASTS).split(".")


def _digest(email: str) -> str:
    return salted_hmac(SALT, folded(email), algorithm="sha256").hexdigest()[:32]
