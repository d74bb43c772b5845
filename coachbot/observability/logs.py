"""What every log line carries, and what none may: lines for people, JSON for machines."""

import logging
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from coachbot.observability.masking import mask_line

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Puts the id of the request being served on each log record."""

    def filter(self, record):
        record.request_id = current_request_id.get()
        return True


class MaskingFormatter(logging.Formatter):
    """Formats a record, its traceback included, without secrets, phones and e-mails."""

    def format(self, record):
        return mask_line(super().format(record))


class MaskingJsonFormatter(JsonFormatter):
    """Formats a record as one line of JSON, its texts without secrets, phones and e-mails."""

    def process_log_record(self, log_data):
        return {
            name: mask_line(value) if isinstance(value, str) else value
            for name, value in super().process_log_record(log_data).items()
        }


class OnlyUnexpected(logging.Filter):
    """Drops what the access line says as well: statuses that no exception stands behind."""

    def filter(self, record):
        return bool(record.exc_info)


def configuration(*, as_json: bool) -> dict:
    """Return the LOGGING setting: everything goes to one handler, each line once."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "coachbot.observability.logs.RequestIdFilter"},
            "only_unexpected": {"()": "coachbot.observability.logs.OnlyUnexpected"},
        },
        "formatters": {
            "json": {
                "()": "coachbot.observability.logs.MaskingJsonFormatter",
                "fmt": ["levelname", "name", "message", "request_id"],
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
            },
            "line": {
                "()": "coachbot.observability.logs.MaskingFormatter",
                "format": "{asctime} {levelname} {request_id} {name}: {message}",
                "style": "{",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": "json" if as_json else "line",
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Both come with handlers of their own, which would print every line twice.
            "django": {"handlers": [], "level": "INFO"},
            "gunicorn.error": {"handlers": [], "propagate": True},
            # Two lines for each task, of which most find nothing to do.
            "huey": {"level": "WARNING"},
            "django.request": {"filters": ["only_unexpected"]},
            # Anybody can send a wrong Host header; the access line says 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
