"""What stands between a form's server and Coachbot: writes down what passes, has bad days."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

HTML, JSON = {"Content-Type": "text/html"}, {"Content-Type": "application/json"}
DATE = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key")
# What the first attempt gets instead of Coachbot's answer, by the name of the lead.
BAD_DAYS = {
    "Busy": (503, {**JSON, **DATE}, b'{"message": "Too many requests"}'),
    "Down": (502, HTML, b"<h1>Bad Gateway</h1>"),
    "Moved": (301, {**HTML, "Location": "/elsewhere"}, b"<h1>Moved</h1>"),
    "Refused": (400, HTML, b"<h1>Bad request</h1>"),
    "Conflict": (409, JSON, b'{"ok": false, "error": "other"}'),
}


@dataclass(frozen=True)
class Seen:
    """One request: the path as it came, the Idempotency-Key, the body, read, and when it came.

    at: seconds of a clock that only goes on.
    """

    method: str
    path: str
    key: str | None
    body: dict
    at: float = field(default_factory=time.monotonic, compare=False)


class Proxy:
    """Passes POSTs on to a server. Use it as a context manager."""

    def __init__(self, server: str):
        self.server = server
        self.seen: list[Seen] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.base_url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception) -> None:
        self._http.shutdown()
        self._http.server_close()

    def attempts(self, name: str) -> list[Seen]:
        """Return what came for a lead of this name, and whatever had no body, in order."""
        return [seen for seen in self.seen if seen.body.get("name", name) == name]

    def forget(self) -> None:
        """Begin anew."""
        self.seen.clear()

    def answer(self, seen: Seen, headers: dict, content: bytes) -> tuple[int, dict, bytes]:
        """Write a request down. Return status, headers and body of what it gets."""
        self.seen.append(seen)
        name = seen.body.get("name")
        if name in BAD_DAYS and len(self.attempts(name)) == 1:
            return BAD_DAYS[name]
        url = self.server + seen.path
        answer = requests.request(seen.method, url, headers=headers, data=content, timeout=30)
        told = ("Content-Type", "Location", "Retry-After")
        kept = {name: answer.headers[name] for name in told if name in answer.headers}
        return answer.status_code, kept, answer.content

    def _handler(proxy):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = json.loads(content) if content else {}
                seen = Seen(self.command, self.path, self.headers["Idempotency-Key"], body)
                headers = {name: self.headers[name] for name in PASSED_ON}
                self._send(*proxy.answer(seen, headers, content))

            do_GET = do_POST

            def _send(self, status, headers, content):
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        return Handler
