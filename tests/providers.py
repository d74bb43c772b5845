"""A provider that answers whatever a test likes: any JSON, any bytes, or none at all."""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from coachbot.providers import ProviderError
from coachbot.providers.exchange import Request

JSON = "application/json"
# What JSON can hold besides what is expected; the last are text, as JSON's own writers refuse them.
ODD_VALUES = [
    *(None, True, 0, -1, 1.5, 10**400, "", "x", "\x00", "\ud800", "x" * 5_000),
    *([], [None], [[]], {}, {"x": None}, ["x"] * 3, "9999-12-31T23:59:59-14:00"),
]
ODD_BODIES = [
    *(json.dumps(value).encode() for value in ODD_VALUES),
    *(b"", b"NaN", b"1e999", b"{", b"\xff\xfe", b"<html></html>", b"9" * 5_000),
    *(b"[" * 50_000 + b"]" * 50_000, b'{"x":' * 900 + b"1" + b"}" * 900),
    b'{"id": "\\u0000", "data": [[{}], "x", 7]}',
]


class OddProvider:
    """Answers every request with what `answer(path, body)` returns: status, type, body.

    key: the Authorization of the request that is being answered.
    """

    def __init__(self, answer: Callable[[str, bytes], tuple[int, str, bytes]]):
        self.answer, self.key = answer, ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def answer(self):
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.key = self.headers.get("Authorization", "")
                status, kind, body = outer.answer(f"{self.command} {self.path}", sent)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            do_GET = do_POST = do_PATCH = answer

            def log_message(self, *words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def listening(serve: Callable[[socket.socket], None], *, reads: bool = True):
    """A port on which each connection is served by a function, once its request is read.

    Yields the port and the list of what was read.
    """
    received: list[bytes] = []

    def run(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if reads:
                received.append(connection.recv(65_536))
            serve(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=run, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], received
        listener.shutdown(socket.SHUT_RDWR)


def dripping(head: bytes, every: float = 0.1, seconds: float = 20) -> Callable:
    """Return what sends some bytes and then one more again and again."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(every)
            connection.sendall(b"x")

    return serve


def silent(head: bytes = b"", seconds: float = 20) -> Callable:
    """Return what sends some bytes and then nothing more, while the connection stays."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(head)
        connection.settimeout(seconds)
        connection.recv(1)

    return serve


def asking(url: str, method: str = "POST") -> Request:
    """Return a request of no importance."""
    return Request(
        operation="vapi.test", name="Vapi test", action="test", method=method, url=url, headers={}
    )


def failure(ask: Callable[[], object]) -> tuple[ProviderError, float]:
    """Return how asking a provider fails, and after how many seconds."""
    started = time.monotonic()
    try:
        ask()
    except ProviderError as error:
        return error, time.monotonic() - started
    raise AssertionError("it went well")
