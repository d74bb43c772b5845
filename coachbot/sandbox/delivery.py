"""How a reply reaches the client, or fails to: whole, silent, dropped, reset, cut, dripping,
stalled.
"""

import os
import socket
import struct
import threading
import time
from contextlib import suppress
from io import BufferedIOBase
from typing import Protocol

from coachbot.sandbox.messages import Manner, Reply

HOLD_SECONDS = 60.0
GLANCE_SECONDS = 0.1
DRIP_SECONDS = 0.5


class Line(Protocol):
    """The connection as the HTTP handler offers it."""

    connection: socket.socket
    wfile: BufferedIOBase
    close_connection: bool
    command: str

    @property
    def stopping(self) -> threading.Event:
        """Set when the server is going down."""

    def send_head(self, reply: Reply) -> None:
        """Write the status line and the headers."""


def deliver(line: Line, reply: Reply) -> None:
    """Send the reply in its manner. Every manner but WHOLE ends the connection."""
    line.close_connection = line.close_connection or reply.manner is not Manner.WHOLE
    _MANNERS[reply.manner](line, reply)


def _whole(line: Line, reply: Reply) -> None:
    line.send_head(reply)
    if line.command != "HEAD":
        line.wfile.write(reply.body)
    line.wfile.flush()


def _silent(line: Line, reply: Reply) -> None:
    deadline = time.monotonic() + HOLD_SECONDS
    while time.monotonic() < deadline and not line.stopping.is_set():
        if _client_left(line, GLANCE_SECONDS):
            return


def _dropped(line: Line, reply: Reply) -> None:
    """Send nothing: the handler closes the connection in the ordinary way."""


def _reset(line: Line, reply: Reply) -> None:
    # Lingering for 0 seconds makes close() send RST. The descriptor is closed here because the
    # server's own way to close says goodbye first, and because open file objects delay it.
    line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(line.connection.detach())


def _cut(line: Line, reply: Reply) -> None:
    line.send_head(reply)
    line.wfile.write(reply.body[: len(reply.body) // 2])
    line.wfile.flush()


def _dripping(line: Line, reply: Reply) -> None:
    line.send_head(reply)
    for place in range(len(reply.body)):
        line.wfile.write(reply.body[place : place + 1])
        line.wfile.flush()
        if line.stopping.is_set() or _client_left(line, DRIP_SECONDS):
            return


def _dripping_head(line: Line, reply: Reply) -> None:
    """Begin a head that never ends: a header byte after the other."""
    line.wfile.write(f"HTTP/1.1 {reply.status} OK\r\nX-Slow: ".encode())
    line.wfile.flush()
    deadline = time.monotonic() + HOLD_SECONDS
    while time.monotonic() < deadline and not line.stopping.is_set():
        if _client_left(line, DRIP_SECONDS):
            return
        line.wfile.write(b"x")
        line.wfile.flush()


def _stalled(line: Line, reply: Reply) -> None:
    """Send half of the body, and then nothing more."""
    _cut(line, reply)
    _silent(line, reply)


def _client_left(line: Line, seconds: float) -> bool:
    """Wait that long; True as soon as the client has closed its side."""
    line.connection.settimeout(seconds)
    with suppress(TimeoutError):
        try:
            if not line.connection.recv(1, socket.MSG_PEEK):
                return True
        except ConnectionError:
            return True
        line.stopping.wait(seconds)  # it sent more instead; that is not leaving
    return False


_MANNERS = {
    Manner.WHOLE: _whole,
    Manner.SILENT: _silent,
    Manner.DROPPED: _dropped,
    Manner.RESET: _reset,
    Manner.CUT: _cut,
    Manner.DRIPPING: _dripping,
    Manner.DRIPPING_HEAD: _dripping_head,
    Manner.STALLED: _stalled,
}
