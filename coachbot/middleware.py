"""What happens to every request: its id, and the envelope around what Django answers itself."""

import json
import re
import uuid

from django.conf import settings
from django.http import JsonResponse

from coachbot import envelope, errors
from coachbot.logs import current_request_id

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def request_id(get_response):
    """Give each request an id, the caller's own if it sent a sane one, and answer it."""

    def middleware(request):
        sent = request.headers.get("X-Request-Id", "")
        request.request_id = sent if SANE_REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        token = current_request_id.set(request.request_id)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response.headers["X-Request-Id"] = request.request_id
        return response

    return middleware


def api_envelope(get_response):
    """Put everything below /api/ that is not a success into the envelope.

    DRF's exception handler does so for what its views raise. This covers what never
    reaches a view: unknown paths, refused hosts, plain HTTP, an exception in another
    middleware; also with DEBUG=1, where Django answers with HTML of its own.
    """

    def middleware(request):
        if not request.path_info.startswith("/api/"):
            return get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            response = JsonResponse(envelope.body(errors.HTTPS_REQUIRED), status=403)
        else:
            response = get_response(request)
            if response.status_code >= 400 and not getattr(response, "is_enveloped", False):
                _envelop(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _envelop(response):
    kind = errors.kind_for_status(response.status_code)
    response.content = json.dumps(envelope.body(kind)).encode()
    response.status_code = kind.status
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(response.content))
