"""What Prometheus is told: the figures, and /metrics, which METRICS_TOKEN switches on.

gunicorn.conf.py gives the processes a folder through which they share their figures.
"""

import hmac
import logging
import os

from django.conf import settings
from django.db import Error
from django.http import HttpResponse
from django.utils.module_loading import import_string
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from coachbot.observability import ended_processes

logger = logging.getLogger(__name__)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

REQUESTS = Counter("coachbot_requests_total", "Requests answered.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "coachbot_request_seconds", "Time to answer a request.", ["route"], buckets=SECONDS
)
PROVIDER_SECONDS = Histogram(
    "coachbot_provider_seconds",
    "Time that a provider took for an answer.",
    ["operation", "outcome"],
    buckets=SECONDS,
)
PROVIDER_IN_FLIGHT = Gauge(
    "coachbot_provider_in_flight",
    "Threads that a provider occupies now.",
    ["provider"],
    multiprocess_mode="livesum",
)
PROVIDER_TURNED_AWAY = Counter(
    "coachbot_provider_turned_away_total",
    "What was refused because a provider occupied as many threads as it may.",
    ["provider"],
)
LIMITER_REFUSALS = Counter("coachbot_limiter_refusals_total", "Requests answered 429.", ["group"])


class ScrapeGauges:
    """The gauges of settings.METRICS_GAUGES: read from the database when somebody looks."""

    def collect(self):
        for name, (text, function) in settings.METRICS_GAUGES.items():
            try:
                yield GaugeMetricFamily(name, text, value=import_string(function)())
            except Error:
                logger.exception("The database did not tell %s", name)


def metrics(request) -> HttpResponse:
    """GET /metrics with `Authorization: Bearer <METRICS_TOKEN>`; 404 to everyone else."""
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    sent = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent, expected):
        return HttpResponse("Not found.\n", status=404, content_type="text/plain")
    text = _shared_figures() + generate_latest(_scrape_registry())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _shared_figures() -> bytes:
    """Return the figures of all processes, or of this one where it is alone."""
    if not (folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR")):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    with ended_processes.reading(folder):
        return generate_latest(registry)


def _scrape_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(ScrapeGauges())
    return registry


def forget_process(pid: int) -> None:
    """Take a process that ended out of the gauges; its counts stay, its files do not."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(pid)
        ended_processes.add_up(folder, pid)
