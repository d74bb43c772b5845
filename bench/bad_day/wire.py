"""A wire to a server outside, on which answers drip, stop in their middle or never come."""

import contextlib
import enum
import socket
import threading
from collections.abc import Iterator

from tests.servers import free_port

DRIP_SECONDS = 0.4
END_OF_HEAD = b"\r\n\r\n"
GLANCE_SECONDS = 1.0
CHUNK = 65_536


class Manner(enum.Enum):
    """How the wire brings answers."""

    WHOLE = "whole"
    SILENT = "silent"
    DRIPPING = "dripping"
    STALLED = "stalled"  # soon after the head


class Wire:
    """Passes bytes between a TCP port of its own and a server; answers in the manner of the day."""

    def __init__(self, target: tuple[str, int]):
        self.target = target
        self.port = free_port()
        self._manner, self._changed = Manner.WHOLE, threading.Condition()
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    @contextlib.contextmanager
    def in_manner(self, manner: Manner) -> Iterator[None]:
        """Bring answers in a manner for as long as this lasts; what is held comes afterwards."""
        self._set(manner)
        try:
            yield
        finally:
            self._set(Manner.WHOLE)

    def _set(self, manner: Manner) -> None:
        with self._changed:
            self._manner = manner
            self._changed.notify_all()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            near, _ = listener.accept()
            try:
                far = socket.create_connection(self.target, timeout=10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            _in_background(_pass, near, far, near.recv, far.sendall)
            _in_background(_pass, far, near, far.recv, lambda data, to=near: self._bring(data, to))

    def _bring(self, data: bytes, to: socket.socket) -> None:
        if self._manner is Manner.DRIPPING:
            for place in range(len(data)):
                if self._manner is Manner.WHOLE:
                    return to.sendall(data[place:])
                to.sendall(data[place : place + 1])
                self._pause(DRIP_SECONDS)
            return None
        if self._manner is Manner.STALLED:
            first = data.find(END_OF_HEAD) + len(END_OF_HEAD) + 1
            to.sendall(data[:first])
            data = data[first:]
        while self._manner is not Manner.WHOLE and to.fileno() >= 0:
            self._pause(GLANCE_SECONDS)
        return to.sendall(data)

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._manner is Manner.WHOLE, seconds)


def _in_background(function, *arguments) -> None:
    threading.Thread(target=function, args=arguments, daemon=True).start()


def _pass(source: socket.socket, sink: socket.socket, receive, send) -> None:
    """Pass on until either end has enough; then both are closed."""
    with contextlib.suppress(OSError):
        while data := receive(CHUNK):
            send(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
