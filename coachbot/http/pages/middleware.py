"""The middleware of Django and others that is for pages only, and lets the API pass.

Each class is the one that it inherits, unless the request is the API's. All together would be more
than a tenth of what that costs: docs/decisions/middleware-of-pages.md.
"""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

from coachbot import passwords
from coachbot.http.bodies import uploads
from coachbot.http.pages import faults

HASHING_PAUSE = "3"  # seconds
TOO_MANY_SIGN_IN = (
    "Too many people are signing in just now. Nothing was changed. "
    "Go back and try again in a few seconds."
)


class _PagesOnly:
    """What all of them have: requests of the API go past."""

    def __call__(self, request):
        if request.is_api:
            return self.get_response(request)  # type: ignore[attr-defined]  # the other base's
        return super().__call__(request)  # type: ignore[misc]  # the other base's


def small_forms(get_response):
    """Refuse what is larger than the page's form by its length, before anything of it is read."""

    def middleware(request):
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if not request.is_api and length > uploads.largest_body_of(request, length):
            return HttpResponse("That is too large.\n", status=413, content_type="text/plain")
        return get_response(request)

    def process_view(request, view, args, kwargs):
        uploads.let_in(request, view)

    middleware.process_view = process_view  # type: ignore[attr-defined]  # as Django asks for it
    return middleware


def faults_of_ours(get_response):
    """Answer what Django answers bare, or with DEBUG=1 on a page for developers, as a page of ours.

    A wrong address says as much to whoever tries Coachbot as to those who use it. With DEBUG=1 an
    exception still shows its traceback.
    """

    def middleware(request):
        response = get_response(request)
        if request.is_api:
            return response
        if response.status_code == 405:
            return faults.not_allowed(request, allowed=response.headers["Allow"])
        if response.status_code == 404 and settings.DEBUG:
            return faults.not_found(request)
        return response

    return middleware


class ContentPolicy(_PagesOnly, CSPMiddleware):
    """The Content-Security-Policy header."""


class StaticFiles(_PagesOnly, WhiteNoiseMiddleware):
    """Static files, without a web server beside this one."""


class Sessions(_PagesOnly, SessionMiddleware):
    """`request.session`"""


class SignedIn(_PagesOnly, AuthenticationMiddleware):
    """`request.user`, and what any page says where too many passwords are hashed already."""

    def process_exception(self, request, exception):
        if isinstance(exception, passwords.TooManyAtOnce):
            return faults.page(503, "Back in a moment", TOO_MANY_SIGN_IN, retry_after=HASHING_PAUSE)
        return None


class Messages(_PagesOnly, MessageMiddleware):
    """What the next page says of the deed before."""
