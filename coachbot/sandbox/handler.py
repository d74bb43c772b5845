"""HTTP plumbing: one connection in, Request objects to the providers, Reply objects back."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from coachbot.sandbox import delivery
from coachbot.sandbox.messages import Reply, Request

LARGEST_BODY = 1_000_000


class Server(ThreadingHTTPServer):
    """What a handler asks of its server.

    answer: any request in, its reply out. quiet: whether no line is written for each request.
    stopping: set when the server is going down.
    """

    answer: Callable[[Request], Reply]
    quiet: bool
    stopping: threading.Event

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        return f"{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, which may carry many requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Buffered, so that head and body leave in one packet.
    wbufsize = -1
    # An idle connection is given up after this many seconds (read by the base class).
    timeout = 75.0

    @property
    def stopping(self) -> threading.Event:
        """Set when the server is going down."""
        return self.server.stopping

    def answer(self) -> None:
        """Read one request, have it answered, send what it says."""
        request = self._read_request()
        reply = self.server.answer(request)
        self._note(request, reply)
        if self.stopping.wait(reply.delay):
            self.close_connection = True
            return
        delivery.deliver(self, reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def send_head(self, reply: Reply) -> None:
        """Write the status line and the headers of the reply."""
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing here: `_note` writes the line, before a reply that may take a minute."""

    def _read_request(self) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            target=self.path,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=self.headers,
            body=self._read_body(),
            base_url=f"http://{self.headers.get('Host') or self.server.address}",
        )

    def _read_body(self) -> bytes | None:
        # Always read, even if it will be refused: else it would be taken for the next request.
        length = self.headers.get("Content-Length", "0")
        chunked = "Transfer-Encoding" in self.headers
        if chunked or not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionAbortedError("the client left in the middle of its request")
        return body

    def _note(self, request: Request, reply: Reply) -> None:
        if not self.server.quiet:
            line = f"{request.method} {request.path} {reply.status} {reply.manner.value}"
            print(line, file=sys.stderr, flush=True)
