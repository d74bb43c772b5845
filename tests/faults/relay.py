"""A wire that can be cut: stands between a server and its database or cache."""

import contextlib
import socket
import threading

from tests.servers import free_port


class Relay:
    """Passes bytes between a TCP port of its own and a Unix socket, until it is cut."""

    def __init__(self, target: str):
        self.target = target
        self.port = free_port()
        self.open: list[socket.socket] = []
        self.listener: socket.socket | None = None

    def mend(self) -> "Relay":
        """Take connections (again)."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()
        return self

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        # shutdown() wakes the thread that waits in accept(); close() alone would not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.clear()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            self.open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pass, args=(source, sink), daemon=True).start()


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
