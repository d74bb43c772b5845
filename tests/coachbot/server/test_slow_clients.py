"""Clients that are slow, with no proxy in front that would wait for them."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
import requests

from tests import wire
from tests.client import PATH

THREADS = 5
CLIENTS = 40
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
SLOW = {
    "nothing at all": "",
    "half a head": "GET /sign-in HTTP/1.1\r\nHost: 127.0",
    "half a body": f"{HEAD}Content-Length: 60000\r\n\r\n{{",
    "half a chunked body": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\r\n",
    "a body that waits to be asked for": f"{HEAD}Content-Length: 60000\r\n"
    "Expect: 100-continue\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(start_web):
    return start_web(WEB_CONCURRENCY="1", WEB_THREADS=str(THREADS), CALLS_IN_FLIGHT="1")


def test_slow_clients_hold_no_thread_and_are_hung_up_on(server):
    with ExitStack() as opened, ThreadPoolExecutor(1) as pool:
        dripping = pool.submit(drip, server)
        slow = [
            opened.enter_context(wire.begin(server.base_url, beginning.encode()))
            for beginning in SLOW.values()
            for _ in range(CLIENTS)
        ]
        started = time.monotonic()
        status = requests.get(f"{server.base_url}/sign-in", timeout=30).status_code
        seconds = time.monotonic() - started
        for connection in slow:
            wire.rest(connection)
        patience = time.monotonic() - started

    assert (status, seconds < 2) == (200, True), seconds
    assert 5 < patience < 15
    assert 5 < dripping.result() < 15
    assert "Traceback" not in server.output()


def drip(server) -> float:
    """Send a head byte by byte. Return how many seconds that went on."""
    started = time.monotonic()
    with (
        wire.begin(server.base_url, b"GET /sign-in HTTP/1.1\r\nX: ") as connection,
        suppress(ConnectionError),
    ):
        while time.monotonic() < started + 20:
            connection.sendall(b"x")
            time.sleep(0.2)
    return time.monotonic() - started


@pytest.mark.parametrize(
    ("framing", "size"),
    [(framing, size) for framing in ("length", "chunks") for size in (1, 60_000, 120_000)]
    + [("chunks", 300_000)],
)
def test_request_that_comes_in_pieces_is_answered(server, framing, size):
    body = b'{"name": "' + b"x" * size + b'"}'
    if framing == "length":
        head, sent = f"{HEAD}Content-Length: {len(body)}\r\n", body
    else:
        sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        head = f"{HEAD}Transfer-Encoding: chunked\r\n"
    pieces = [head[:30].encode(), f"{head[30:]}Connection: close\r\n\r\n".encode()]
    pieces += [sent[: len(sent) // 2], sent[len(sent) // 2 :]]

    with wire.begin(server.base_url, b"") as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02)
        answer = wire.rest(connection)

    assert answer.startswith(b"HTTP/1.1 401 "), answer[:200]


def test_requests_that_come_at_once_are_answered_one_by_one(server):
    request = b"GET /api/nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    with wire.begin(server.base_url, request * 2 + last[:20]) as connection:
        time.sleep(0.1)
        connection.sendall(last[20:])
        answers = wire.rest(connection)

    assert answers.count(b"HTTP/1.1 404 ") == 3


def test_body_is_asked_for(server):
    head = f"{HEAD}Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with wire.begin(server.base_url, head.encode()) as connection:
        told = connection.recv(100)
        connection.sendall(b"{}")
        answer = wire.rest(connection)

    assert told.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 401 " in answer


def test_upload_is_refused_before_it_is_read(server):
    head = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 300000000\r\n\r\n"

    started = time.monotonic()
    with wire.begin(server.base_url, head.encode() + b"--b\r\n" + b"x" * 200_000) as connection:
        answer = wire.rest(connection)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - started < 8


def test_upload_in_chunks_is_refused_where_it_becomes_too_large(server):
    head = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"

    with wire.begin(server.base_url, head.encode() + chunk + chunk[:9000]) as connection:
        answer = wire.rest(connection)

    assert answer.startswith(b"HTTP/1.1 413 ")
