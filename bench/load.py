"""A load client: kept connections with one request at a time on each, in one thread.

It costs some 30 microseconds a request, so that a server on the same two cores is what
gets measured.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.figures import percentile

NextRequest = Callable[[], bytes]


@dataclass
class Result:
    """What a run of requests came to. latencies: seconds. statuses: counted."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def latency(self, share: float) -> float:
        """The latency that a share of the requests stayed under, in milliseconds."""
        return percentile(self.latencies, share) * 1000


def request_bytes(method: str, path: str, *, headers=(), body: bytes = b"") -> bytes:
    """Return an HTTP request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def alone(request: bytes) -> bytes:
    """Return a request that asks for its connection to be closed: the next one makes its own."""
    return request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)


def run(
    port: int,
    next_request: NextRequest,
    *,
    connections: int,
    seconds: float,
    ramp: float = 0.2,
    most: int = 10**9,
) -> Result:
    """Send requests for so many seconds, at most `most` of them; all answers are awaited.

    ramp: seconds in which the connections are opened, one after the other. All at once, they
    would often be accepted by one process, and stay in step with each other.
    """
    result = Result(seconds)
    connections = min(connections, most)
    opened = open_now = sent = 0
    started = time.monotonic()
    with selectors.DefaultSelector() as selector:
        while opened < connections or open_now:
            wait = started + ramp * opened / connections - time.monotonic()
            if opened < connections and wait <= 0:
                _Connection(port, selector).send(next_request())
                opened, open_now, sent = opened + 1, open_now + 1, sent + 1
                continue
            for key, _ in selector.select(timeout=60 if opened == connections else wait):
                connection = key.data
                if not connection.receive(result):
                    continue
                if sent < most and time.monotonic() - started < seconds:
                    connection.send(next_request())
                    sent += 1
                else:
                    connection.close()
                    open_now -= 1
    result.seconds = time.monotonic() - started
    return result


def run_paced(
    port: int, next_request: NextRequest, *, rate: float, seconds: float, connections: int = 16
) -> Result:
    """Send so many requests a second, however long answers take.

    A latency counts from when its request was due, so an answer that keeps the next request
    waiting counts for that one too.
    """
    result = Result(seconds)
    with selectors.DefaultSelector() as selector:
        free = [_Connection(port, selector) for _ in range(connections)]
        due = started = time.perf_counter()
        while len(free) < connections or due < started + seconds:
            now = time.perf_counter()
            while free and due <= now and due < started + seconds:
                connection = free.pop()
                connection.send(next_request())
                connection.sent_at = due
                due += 1 / rate
            for key, _ in selector.select(timeout=max(0.0, due - now) if free else 60):
                if key.data.receive(result):
                    free.append(key.data)
        for connection in free:
            connection.close()
    return result


class _Connection:
    """One connection. A server that hangs up between two requests is connected to again."""

    def __init__(self, port: int, selector: selectors.BaseSelector):
        self.port, self.selector = port, selector
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()

    def send(self, request: bytes) -> None:
        self.buffer, self.missing = b"", None
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self, result: Result) -> bool:
        """Read what has arrived. Return whether the answer is complete, and count it."""
        part = self.socket.recv(65_536)
        self.buffer += part
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if part and not (end and len(body) >= _content_length(head)):
            return False
        result.latencies.append(time.perf_counter() - self.sent_at)
        result.statuses[int(head[9:12] or 0)] += 1
        if not part or b"\r\nconnection: close" in head.lower():
            self.close()
            self.connect()
        return True


def _content_length(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
