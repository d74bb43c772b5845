"""What happens to every request: its id, its line in the log, the envelope around what Django
answers itself; and what never becomes a request of the application: the probes.
"""

import json
import logging
import re
import time
import uuid

from django.conf import settings
from django.db import close_old_connections
from django.http import JsonResponse
from django.urls import set_urlconf

from coachbot.http import errors, static_files
from coachbot.observability import health, metrics
from coachbot.observability.logs import current_request_id

access_logger = logging.getLogger("coachbot.access")

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
API_URLS = "coachbot.api_urls"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
health.CHECKS["static"] = static_files.is_complete
PROBES = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": metrics.metrics}


def probes(get_response):
    """Answer the probes at once: over plain HTTP, for any Host, and without a log line.

    Load balancers ask by IP address, and often.
    """

    def middleware(request):
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else get_response(request)

    return middleware


def is_api(path: str) -> bool:
    """Tell whether a path lies below /api, in any spelling: nothing there is ever HTML."""
    return "/api" in path.lower() and [s.lower() for s in _segments(path)[:1]] == ["api"]


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment not in ("", ".")]


def api_paths(get_response):
    """Let repeated slashes in a path below /api count as one, and say on the request that it is.

    Clients join a base URL that ends in a slash with a path that begins with one.
    """

    def middleware(request):
        path = request.path_info
        if "//" in path or "/./" in path:
            segments = _segments(path)
            if segments[:1] == ["api"]:
                end = "/" if path.endswith("/") else ""
                request.path_info = request.path = f"/{'/'.join(segments)}{end}"
        request.is_api = is_api(request.path_info)
        if request.is_api:
            request.urlconf = API_URLS
            set_urlconf(API_URLS)
        return get_response(request)

    return middleware


def request_id(get_response):
    """Give each request an id, the caller's own if it sent a sane one, and answer it."""

    def middleware(request):
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request.request_id = sent if SANE_REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        token = current_request_id.set(request.request_id)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response.headers["X-Request-Id"] = request.request_id
        return response

    return middleware


def access_log(get_response):
    """Write one line for each request, and count it. Give its database connection back.

    It tells the route and not the path: a query may hold a phone number.
    """

    def middleware(request):
        started = time.monotonic()
        response = get_response(request)
        # With CONN_MAX_AGE=0 the thread's connection goes back now, and not once the answer is
        # sent: how long that takes is up to the reader.
        close_old_connections()
        if request.path_info.startswith(settings.STATIC_URL) and response.status_code < 500:
            return response  # a page's dozen small files would bury the page's own line
        _account(request, response.status_code, time.monotonic() - started)
        return response

    return middleware


def _account(request, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = (match.view_name if match else None) or "unmatched"
    method = request.method if request.method in METHODS else "other"
    metrics.REQUESTS.labels(route, method, status).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    access_logger.log(
        logging.WARNING if status >= 500 else logging.INFO,
        "%s %s %s in %.1f ms",
        method,
        route,
        status,
        seconds * 1000,
        extra={
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "workspace": _workspace_id(request),
        },
    )


def _workspace_id(request) -> int | None:
    """Return whose request it was: of the API key, or of the dashboard page."""
    key, workspace = getattr(request, "auth", None), getattr(request, "workspace", None)
    return getattr(key, "workspace_id", None) or getattr(workspace, "pk", None)


def api_envelope(get_response):
    """Put everything below /api/ that is not a success into the envelope.

    DRF's exception handler does so for what its views raise. This covers what never
    reaches a view: unknown paths, refused hosts, plain HTTP, an exception in another
    middleware; also with DEBUG=1, where Django answers with HTML of its own.
    """

    def middleware(request):
        if not request.is_api:
            return get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            response = JsonResponse(errors.HTTPS_REQUIRED.body(), status=403)
        else:
            response = get_response(request)
            if response.status_code >= 400 and not getattr(response, "is_enveloped", False):
                _envelop(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _envelop(response):
    kind = errors.kind_for_status(response.status_code)
    response.content = json.dumps(kind.body()).encode()
    response.status_code = kind.status
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(response.content))
