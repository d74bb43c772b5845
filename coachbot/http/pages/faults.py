"""Pages that say what went wrong. They need nothing that may be what failed.

No template, no list of static files, no database, no session. Pages that greet the person are
tried first where the fault is not ours, and these are shown in their place if they fail.
"""

import logging
import sys

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape

from coachbot.http import outage
from coachbot.http.pages import form_pages

logger = logging.getLogger(__name__)

# By their plain names, under which static files are served as well.
PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} · Coachbot</title>
  <link rel="icon" href="{static}coachbot/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="{static}coachbot/tokens.css">
  <link rel="stylesheet" href="{static}coachbot/base.css">
  <link rel="stylesheet" href="{static}coachbot/components.css">
</head>
<body>
<main class="lone">
  <h1>{title}</h1>
  <p>{text}</p>
  <div class="actions"><a class="button button-main" href="/">To the first page</a></div>
</main>
</body>
</html>
"""


def page(status: int, title: str, text: str, *, retry_after: str = "") -> HttpResponse:
    """Return a page with a heading and a sentence or two. retry_after: seconds, if that helps."""
    html = PAGE.format(title=escape(title), text=escape(text), static=settings.STATIC_URL)
    response = HttpResponse(html, status=status)
    if retry_after:
        response.headers["Retry-After"] = retry_after
    return response


def fault() -> HttpResponse:
    """Return the page of a bug of ours."""
    return page(
        500,
        "Something went wrong here",
        "This is a fault of the server, not yours. It was written to the server's log. "
        "Try again in a moment.",
    )


def server_error(request) -> HttpResponse:
    """Django's handler500: a page that says whether it is an outage or a fault of ours."""
    if not isinstance(sys.exc_info()[1], outage.AWAY):
        return fault()
    return page(
        503,
        "Back in a moment",
        "The server cannot reach its database just now. Nothing that was accepted is lost. "
        "Try again in a few seconds.",
        retry_after=outage.RETRY_AFTER,
    )


def _greeting(template: str, status: int, title: str, text: str):
    """Return a handler that shows a template, else a page without one."""

    def handler(request, *args, **kwargs) -> HttpResponse:
        try:
            return render(request, template, _way_on(request), status=status)
        except Exception:
            logger.exception("The page of status %s could not be made", status)
            return page(status, title, text)

    return handler


def _way_on(request) -> dict:
    """Return where the person can go on from, and whether it is not what was asked for."""
    address = form_pages.address_of_page(request)
    return {"address": address, "is_elsewhere": address != request.get_full_path()}


forbidden = _greeting("403.html", 403, "Not allowed", "This is not allowed. Nothing was changed.")
not_found = _greeting("404.html", 404, "There is nothing here for you", "The address is wrong.")
csrf_failure = _greeting(
    "403_csrf.html",
    403,
    "This form is too old",
    "Nothing was changed. Go back, load the page again and repeat what you did.",
)
_session_ended = _greeting(
    "401.html", 401, "Your session ended", "Nothing was changed. Sign in again."
)
_not_allowed = _greeting(
    "405.html", 405, "This address opens no page", "Only a form can be sent to it."
)


def session_ended(request) -> HttpResponse:
    """Return the page for somebody who was signed in and is not any more."""
    response = _session_ended(request)
    response.headers["WWW-Authenticate"] = 'Cookie realm="Coachbot"'
    return response


def not_allowed(request, *, allowed: str) -> HttpResponse:
    """Return the page of a 405. allowed: the methods that the address takes."""
    response = _not_allowed(request)
    response.headers["Allow"] = allowed
    return response
