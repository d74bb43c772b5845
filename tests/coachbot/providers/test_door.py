"""The door: one deadline over all of a request, and what counts as never sent."""

import socket
import ssl
import threading
import time

import pytest

from coachbot.providers import Unclear, Unreachable, session
from coachbot.providers.transport import Door
from tests.certificates import make_certificate
from tests.providers import OddProvider, asking, dripping, failure, listening, silent
from tests.servers import free_port

SECONDS = 0.6
HEAD = b"HTTP/1.1 201 Created\r\n"
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"  # TLS: fatal, handshake failure
LATE = {
    "silent": silent(),
    "a header byte by byte": dripping(HEAD + b"X-Slow: "),
    "a header line by line": dripping(HEAD + b"X-Slow: 1\r\n"),
    "half a body": silent(HEAD + b'Content-Length: 90\r\n\r\n{"id":'),
    "a body byte by byte": dripping(HEAD + b"Content-Length: 90000\r\n\r\n"),
    "a body without a length": dripping(HEAD + b"Connection: close\r\n\r\n"),
    "chunks": silent(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    "a redirect": dripping(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 9000\r\n\r\n"),
}


def ask(url, seconds=SECONDS):
    return failure(lambda: Door().ask(asking(url), timeout=seconds, read=lambda answer: answer))


@pytest.mark.parametrize("kind", LATE)
def test_no_answer_takes_longer_than_its_time(kind):
    with listening(LATE[kind]) as (port, received):
        error, seconds = ask(f"http://127.0.0.1:{port}/call")

    assert received
    assert isinstance(error, Unclear)
    assert str(error) == "Vapi test failed: no answer within 0.6 seconds."
    assert SECONDS - 0.1 < seconds < SECONDS + 0.5


def test_connection_that_was_late_carries_no_other_request():
    with listening(LATE["half a body"]) as (port, received):
        url = f"http://127.0.0.1:{port}/call"
        errors = [ask(url)[0], ask(url)[0]]

    assert [str(error) for error in errors] == [
        "Vapi test failed: no answer within 0.6 seconds."
    ] * 2
    assert len(received) == 2


def test_deadline_of_a_request_that_is_over_ends_no_later_one():
    """Both use one connection; the second is on its way when the first would have been late."""

    def answer(path, body):
        time.sleep(0.5)
        return 200, "application/json", b"{}"

    with OddProvider(answer) as provider:
        door, asked = Door(), asking(provider.base_url)
        for _ in range(3):
            found = door.ask(asked, timeout=0.8, read=lambda answer: answer.status)
            assert found == 200


def refused(tmp_path):
    return f"http://127.0.0.1:{free_port()}/call"


def unknown_name(tmp_path):
    return "http://nowhere.invalid/call"


@pytest.mark.parametrize("where", [refused, unknown_name])
def test_what_finds_no_connection_was_never_sent(where, tmp_path):
    error, _ = ask(where(tmp_path), seconds=5)

    assert isinstance(error, Unreachable)
    assert str(error) == "Vapi test failed: the provider could not be reached."


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(lambda connection: connection.sendall(b"HTTP/1.1 400 No\r\n\r\n"), id="http"),
        pytest.param(lambda connection: None, id="closed"),
        pytest.param(silent(), id="silent"),
        pytest.param(dripping(b"\x16\x03\x03\x40\x00"), id="dripping"),
        pytest.param(lambda connection: connection.sendall(ALERT), id="alert"),
    ],
)
def test_handshake_that_fails_was_never_sent(serve, monkeypatch):
    monkeypatch.setattr(session, "CONNECT_TIMEOUT", 0.5)
    with listening(serve) as (port, received):
        error, seconds = ask(f"https://127.0.0.1:{port}/call", seconds=5)

    assert isinstance(error, Unreachable)
    assert seconds < 1.5
    assert not any(b"POST" in data for data in received)


def test_certificate_that_nobody_trusts_was_never_sent(tmp_path):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*make_certificate(tmp_path, "localhost"))

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with listening(serve, reads=False) as (port, _):
        error, _ = ask(f"https://127.0.0.1:{port}/call", seconds=5)

    assert isinstance(error, Unreachable)


def test_name_whose_look_up_hangs_was_never_sent(monkeypatch):
    hung = threading.Event()
    monkeypatch.setattr(session, "CONNECT_TIMEOUT", 0.5)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *about, **more: hung.wait(20) and [])
    try:
        error, seconds = ask("http://slow-name.invalid/call", seconds=5)
    finally:
        hung.set()

    assert isinstance(error, Unreachable)
    assert seconds < 1.5


def test_key_that_no_header_can_hold_was_never_sent():
    with OddProvider(lambda path, body: (200, "text/plain", b"")) as provider:
        door, url = Door(), provider.base_url
        asked = asking(url)
        for key in ("k\xe9y\u20ac", "a\nb"):
            with_key = type(asked)(**{**vars(asked), "headers": {"Authorization": key}})
            error, _ = failure(lambda one=with_key: door.ask(one, timeout=2, read=lambda a: a))
            assert isinstance(error, Unreachable)


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_request_without_time_left_is_never_sent(seconds):
    with listening(silent()) as (port, received):
        error, _ = ask(f"http://127.0.0.1:{port}/call", seconds)

    assert isinstance(error, Unreachable)
    assert str(error) == "Vapi test failed: no time was left to ask."
    assert not received


@pytest.mark.parametrize(("is_sent", "kind"), [(True, Unclear), (False, Unreachable)])
def test_fault_below_the_door_ends_its_own_request_only(is_sent, kind, monkeypatch):
    """As libraries have them: where another thread shut the socket, or of an argument."""

    def send(connection, data):
        if is_sent:
            session._attempt.get().go_over(connection)
        raise AttributeError("'NoneType' object has no attribute 'sendall'")

    monkeypatch.setattr(session.TimedConnection, "send", send)
    error, _ = ask("http://127.0.0.1:1/call")

    assert type(error) is kind


def test_answer_that_breaks_its_reader_is_unclear():
    with OddProvider(lambda path, body: (200, "application/json", b"[]")) as provider:
        error, _ = failure(
            lambda: Door().ask(
                asking(provider.base_url), timeout=2, read=lambda answer: answer.json()["id"]
            )
        )

    assert isinstance(error, Unclear)
    assert str(error) == "Vapi test failed (200): the answer cannot be read."
