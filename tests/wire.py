"""HTTP byte by byte, for what a well-behaved client cannot send."""

import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawResponse:
    """What came back until the server closed the connection."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self):
        return json.loads(self.content)


def send(base_url: str, head: str, body: bytes = b"") -> RawResponse:
    """Send a request line with headers and a body, all as given; then stop sending.

    Host and `Connection: close` are added. Lines in `head` end with a plain newline.
    """
    address = urlsplit(base_url)
    lines = [*head.strip().splitlines(), f"Host: {address.netloc}", "Connection: close", "", ""]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1") + body)
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return _parse(received)


def begin(base_url: str, beginning: bytes) -> socket.socket:
    """Send the beginning of a request, as it is, and return the connection."""
    address = urlsplit(base_url)
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    connection.sendall(beginning)
    return connection


def rest(connection: socket.socket) -> bytes:
    """Return what still comes until the server closes. Raises TimeoutError where it does not."""
    try:
        return b"".join(iter(lambda: connection.recv(65536), b""))
    except ConnectionResetError:
        return b""


def _parse(received: bytes) -> RawResponse:
    head, _, content = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return RawResponse(int(status_line.split()[1]), headers, content)
