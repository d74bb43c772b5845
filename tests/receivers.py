"""A receiver of webhooks that takes what is sent, or answers what a test wants."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

from workspaces.models import WebhookEndpoint
from workspaces.webhooks import endpoints


@dataclass(frozen=True)
class Received:
    """One request as it came. wall: when, in seconds since 1970."""

    headers: dict[str, str]
    body: bytes
    path: str
    wall: float = field(default_factory=time.time)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.event["type"]

    @property
    def data(self) -> dict:
        return self.event["data"]


@dataclass(frozen=True)
class Answer:
    """What is answered: after so many seconds."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0


class Receiver:
    """What came, and what is answered. answers: to the next ones; always: to all others."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[Answer] = []
        self.always: Callable[[Received], Answer] = lambda received: Answer()
        self.url = ""
        self._lock = threading.Lock()

    def take(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            return self.answers.pop(0) if self.answers else self.always(received)

    def of_type(self, kind: str) -> list[Received]:
        return [one for one in self.received if one.type == kind]

    def types(self) -> list[str]:
        return [one.type for one in self.received]


def verify(received: Received, secret: str) -> dict:
    """Return the event, as the public library verifies it; it raises where that is not right."""
    return Webhook(secret).verify(received.body, received.headers)


@contextmanager
def receiver(certificate=None):
    """Run one on a port of its own. Yield it. certificate: its paths, for one that speaks TLS."""
    playing = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = playing.take(Received(headers, self.rfile.read(length), self.path))
            time.sleep(answer.after)
            self.send_response(answer.status)
            for name, value in {"Content-Length": len(answer.body), **answer.headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments):
            pass

        def handle(self):
            with suppress(OSError):  # whoever sent has gone
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    playing.url = f"http://127.0.0.1:{server.server_port}/events"
    try:
        yield playing
    finally:
        server.shutdown()
        server.server_close()


def make_endpoint(workspace, url: str, *types: str) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint of a workspace. WEBHOOK_ALLOW_PRIVATE has to be on."""
    return endpoints.create(workspace, url, types)
