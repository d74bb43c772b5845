"""The WSGI application that gunicorn serves."""

import os
from io import BytesIO

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve, reverse

from coachbot.http import static_files
from coachbot.http.bodies.sizes import LARGEST_BODY, LARGEST_FORM

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")


class WholeBody:
    """A request body that breaks off before its Content-Length is an error, not a shorter body.

    A form that was cut short would be saved, and JSON that happens to end there be believed.
    """

    def __init__(self, stream):
        self._stream = stream

    def read(self, size):
        """Read so many bytes. Raises ConnectionResetError where the client sent fewer."""
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionResetError("The request ended before its Content-Length")
        return data

    def readline(self, size):
        return self._stream.readline(size)


def with_content_length(application):
    """Wrap a WSGI application so that a chunked request body reaches it.

    Django reads CONTENT_LENGTH bytes and so sees an empty body where a client sent
    `Transfer-Encoding: chunked`. The body is read here, up to one byte over the largest
    that any endpoint, or any page, takes, and given its length.
    """

    def measured(environ, start_response):
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            is_api = environ["PATH_INFO"].lstrip("/").lower().startswith("api")
            largest = LARGEST_BODY if is_api else LARGEST_FORM
            body = environ["wsgi.input"].read(largest + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
        return application(environ, start_response)

    return measured


application = with_content_length(get_wsgi_application())
# Imports all views now: at the first request it would keep that one waiting for 0.3 s, and
# gunicorn.conf.py could not freeze what they are made of.
resolve(reverse("public_leads"))
if not settings.DEBUG:
    static_files.load_templates()
