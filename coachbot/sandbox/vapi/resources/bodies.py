"""What comes in with a request that makes or changes something."""

import json
from typing import Any

from coachbot.sandbox.messages import Request


def read_object(request: Request) -> Any:
    """The JSON of a request; None, which every rule refuses, where it has none."""
    if "application/json" not in request.headers.get("Content-Type", ""):
        return None
    try:
        return json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return None
