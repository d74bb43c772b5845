"""The shapes of Cal.com's bodies: one for success, and two for failures."""

from datetime import UTC, datetime
from typing import Any

from coachbot.sandbox.clock import iso
from coachbot.sandbox.messages import Reply, Request, json_reply


def success(data: Any, status: int = 200) -> Reply:
    """The shape of all that went well."""
    return json_reply({"status": "success", "data": data}, status)


def error_reply(request: Request, status: int, code: str, message: str) -> Reply:
    """The shape of all framework errors."""
    details = {"message": message, "error": code.removesuffix("Exception"), "statusCode": status}
    error = {"code": code, "message": message, "details": details}
    now = iso(datetime.now(UTC))
    body = {"status": "error", "timestamp": now, "path": request.path, "error": error}
    return json_reply(body, status)


def bare_reply(status: int, message: str) -> Reply:
    """The other shape: errors from the booking core, unwrapped."""
    return json_reply({"statusCode": status, "message": message}, status)


def taken(request: Request) -> Reply:
    """400: the slot is not free."""
    text = "User either already has booking at this time or is not available"
    return error_reply(request, 400, "BadRequestException", text)
