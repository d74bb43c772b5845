"""What a production server prints, from its first line to its last: JSON, a line each."""

import json

import pytest
import requests

from tests import wire
from tests.servers import WebServer


@pytest.fixture(params=[[], ["coachbot.wsgi"]], ids=["gunicorn", "gunicorn coachbot.wsgi"])
def printed(request, providers):
    """All that a server printed: its start, a page, what is no request, its end."""
    server = WebServer(**providers, WEB_CONCURRENCY="1")
    server.arguments = request.param
    server.start()
    try:
        requests.get(f"{server.base_url}/sign-in", timeout=30)
        wire.rest(wire.begin(server.base_url, b"no request\r\n\r\n"))
    finally:
        server.stop()
    return server.output()


def test_every_line_is_json(printed):
    lines = [json.loads(line) for line in printed.splitlines()]

    assert {"time", "level", "logger", "message", "request_id"} <= set.intersection(
        *(set(line) for line in lines)
    )
    told = [line["message"] for line in lines if line["logger"] == "gunicorn.error"]
    for words in ("Starting gunicorn", "Listening at", "Refused what is no HTTP", "Shutting down"):
        assert any(words in message for message in told), words
