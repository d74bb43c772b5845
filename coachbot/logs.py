"""What every log line carries."""

import logging
from contextvars import ContextVar

from coachbot.masking import mask_line

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
