"""A process that is told to end at once does, whatever it is doing."""

import pytest

from tests.servers import WebServer


@pytest.fixture
def server():
    server = WebServer(WEB_CONCURRENCY="1")
    server.arguments = ["-c", "tests/coachbot/server/interrupted_gunicorn.conf.py"]
    yield server
    server.kill()


def test_process_interrupted_while_it_hands_a_request_over_ends_and_another_serves(server):
    server.start()

    assert server.output().count("Booting worker") == 2
