"""What every log line carries."""

import logging
from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Puts the id of the request being served on each log record."""

    def filter(self, record):
        record.request_id = current_request_id.get()
        return True
