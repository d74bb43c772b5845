"""Slow clients keep the main loop waiting and no thread: a thread takes what has arrived."""

import errno
import logging
import re
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

logger = logging.getLogger(__name__)

# Seconds from the first byte of a request to its last one.
READ_SECONDS = 10.0
# So much of a request arrives without a thread: each body of the Public API, and more.
AWAITED_BYTES = 128 * 1024
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
LAST_CHUNK = re.compile(rb"(?:^|\r\n)0+[ \t]*(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n")
EXPECT = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class TimedSocket(socket.socket):
    """A client's connection: a request has to be read by `deadline`, and answers to be taken.

    It does not block, and waits only where there is nothing to read or no room to write. Each
    system call lets other threads have the interpreter, and with forty that want it that takes
    milliseconds to come back: with a time limit set around every read and write, a probe took
    0.14 s and not 0.08 (99 of 100).
    """

    deadline = 0.0
    wanted = 0  # bytes that have to be there before anybody looks again; 0: nobody waits
    has_continued = False  # the client knows that its body is waited for

    @classmethod
    def of(cls, sock: socket.socket) -> "TimedSocket":
        """Return the same connection, under which the given one is no more."""
        timed = cls(fileno=sock.detach())
        timed.settimeout(0)
        return timed

    def setblocking(self, flag):
        """Change nothing: who reads or writes here waits as long as its method says."""

    def recv(self, size, flags=0):
        """Read as socket.recv() does. Raises ConnectionResetError after the deadline."""
        with suppress(BlockingIOError):
            return super().recv(size, flags)
        try:
            with self._waiting(max(self.deadline - time.monotonic(), 0.001)):
                return super().recv(size, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "The request came too slowly") from None

    def sendall(self, data, flags=0):
        """Write a piece of an answer as socket.sendall() does.

        Raises BrokenPipeError where nobody takes it within WEB_SEND_TIMEOUT.
        """
        sent = 0
        with suppress(BlockingIOError):
            sent = super().send(data, flags)
        if sent == len(data):
            return
        try:
            with self._waiting(settings.WEB_SEND_TIMEOUT):
                super().sendall(data[sent:], flags)
        except TimeoutError:
            logger.warning("Cut off a reader that did not take its answer in time")
            raise BrokenPipeError(errno.EPIPE, "The answer was read too slowly") from None

    def sendfile(self, file, offset=0, count=None):
        """Write a file as socket.sendfile() does."""
        with self._waiting(settings.WEB_SEND_TIMEOUT):
            return super().sendfile(file, offset, count)

    @contextmanager
    def _waiting(self, seconds: float) -> Iterator[None]:
        self.settimeout(seconds)
        try:
            yield
        finally:
            self.settimeout(0)

    def seen(self) -> bytes | None:
        """Return what has arrived and was not read. None: the connection ended or broke."""
        try:
            return super().recv(AWAITED_BYTES, socket.MSG_PEEK) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def wait_for(self, size: int) -> None:
        """Let a poller report it when so many bytes are there, or no more will come."""
        self.wanted = size
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, max(size, 1))


class PatientWorker(ThreadWorker):
    """Gives a request to a thread when its head is there, and its body up to AWAITED_BYTES.

    What arrives more slowly than READ_SECONDS allow is hung up on: by the main loop, and of a
    larger body by the thread. With TLS of gunicorn's own, or a Unix socket, where a proxy stands
    in front, threads read as they always did.
    """

    def enqueue_req(self, conn):
        if self.cfg.is_ssl or conn.sock.family not in (socket.AF_INET, socket.AF_INET6):
            super().enqueue_req(conn)
        elif self._has_arrived(conn):
            if conn.sock.wanted:
                conn.sock.wait_for(0)
            conn.data_ready = True  # so that no thread looks once more
            super().enqueue_req(conn)

    def _has_arrived(self, conn) -> bool:
        """Tell whether a thread can take a request. If not, it is waited for or hung up on."""
        if not isinstance(conn.sock, TimedSocket):
            conn.sock = TimedSocket.of(conn.sock)
        sock, now = conn.sock, time.monotonic()
        is_new = not sock.wanted
        if is_new:
            sock.deadline, sock.has_continued = now + READ_SECONDS, False
            if conn.parser and conn.parser.unreader.buf.getvalue():
                return True  # a part of it was read together with the request before
        seen = sock.seen()
        # Woken though there is less than was asked for: no more will come.
        if seen is None or (not is_new and len(seen) < sock.wanted):
            return True
        wanted = awaited(seen)
        if len(seen) >= wanted:
            return True
        if now >= sock.deadline:
            self._hang_up(conn)
        else:
            self._wait(conn, wanted)
            self._ask_for_body(sock, seen)
        return False

    def _wait(self, conn, wanted: int) -> None:
        conn.sock.wait_for(wanted)
        conn.timeout = conn.sock.deadline
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _ask_for_body(self, sock: TimedSocket, seen: bytes) -> None:
        """Tell a client so that sends its body only then. gunicorn's thread tells it again."""
        if not sock.has_continued and END_OF_HEAD in seen and EXPECT.search(seen):
            sock.has_continued = True
            with suppress(OSError):
                sock.send(CONTINUE)

    def _hang_up(self, conn) -> None:
        self.nr_conns -= 1
        conn.close()


def awaited(seen: bytes) -> int:
    """Return how many bytes of a request have to be there before a thread takes it.

    seen: its beginning. What goes on for longer than AWAITED_BYTES is read by the thread.
    """
    more = min(len(seen) + 1, AWAITED_BYTES)
    end = seen.find(END_OF_HEAD)
    if end < 0:
        return more
    head, body = seen[: end + 2], seen[end + len(END_OF_HEAD) :]
    if CHUNKED.search(head):
        return len(seen) if LAST_CHUNK.search(body) else more
    length = LENGTH.search(head)
    return min(end + len(END_OF_HEAD) + int(length[1]) if length else 0, AWAITED_BYTES)
