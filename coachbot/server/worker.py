"""gunicorn's threaded worker, with threads for the probes, a gentler end and refusals in the
envelope.
"""

import json
import re
import selectors
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from coachbot.http import errors

REFUSALS = {LimitRequestLine: 414, LimitRequestHeaders: 431}
PROBE = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz)[ ?]")
PROBE_THREADS = 2
LARGEST_PROBE = 4096
# How long a stopping worker waits for a connection that has not said anything.
LAST_WORD_SECONDS = 2.0


class ThreadedWorker(ThreadWorker):
    """Has threads that answer nothing but probes, and none that waits for a first byte.

    A request is given to a thread when its beginning is there to look at. So probes are answered
    at once while all other threads work or hang, and connections that say nothing hold none.
    """

    def init_process(self):
        self.probes = ThreadPoolExecutor(PROBE_THREADS, thread_name_prefix="probe")
        super().init_process()

    def enqueue_req(self, conn):
        beginning = _beginning(conn.sock)
        if beginning is None and not (conn.initialized or conn.data_ready):
            self.wait_for_beginning(conn)
            return
        pool = self.probes if _is_probe(beginning or b"") else self.tpool
        answered = pool.submit(self.handle, conn)
        answered.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def wait_for_beginning(self, conn):
        """Let the main loop wait for a new connection's first byte, as long as for a kept one's."""
        conn.sock.setblocking(False)
        seconds = self.cfg.keepalive if self.alive else LAST_WORD_SECONDS
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)


def _is_probe(beginning: bytes) -> bool:
    """Tell a probe that is there as a whole: what drips in must not hold the threads of probes."""
    return PROBE.match(beginning) is not None and b"\r\n\r\n" in beginning


def _beginning(sock: socket.socket) -> bytes | None:
    """Return the first bytes that wait to be read, b"" at the end; None where none has come."""
    try:
        return sock.recv(LARGEST_PROBE, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:  # a thread will find out
        return b""


class DrainingWorker(ThreadedWorker):
    """Serves what waits in the listen queue before it stops.

    gunicorn 27.0.1 keeps the listening socket open while it finishes what is in flight,
    and closes it at the end: whoever connected meanwhile is reset. Here the queue is
    emptied and the socket closed first, so that a later caller is refused, or reaches
    another worker, and nobody's request breaks off.
    """

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            last = time.monotonic() + LAST_WORD_SECONDS
            for conn in self.pending_conns:
                conn.timeout = min(conn.timeout or last, last)
            for listener in self.sockets:
                self._empty(listener)
                listener.close()

    def _empty(self, listener):
        """Accept until nobody waits; accept() itself says nothing of "would block"."""
        before = -1
        while self.nr_conns != before:
            before = self.nr_conns
            self.accept(listener)

    def handle_quit(self, sig, frame):
        """End at once, for Ctrl-C and SIGQUIT.

        ThreadWorker of gunicorn 27.0.1 shuts its pool down here. That takes a lock which is held
        already where the signal came while a request was handed to the pool: the process would
        hang until it is killed.
        """
        Worker.handle_quit(self, sig, frame)

    def handle_error(self, req, client, addr, exc):
        """Answer what never reached the application: gunicorn itself would send HTML."""
        if isinstance(exc, ParseException):
            self.log.warning("Refused what is no HTTP request: %s", exc)
            answer = _envelope(REFUSALS.get(type(exc), 400), errors.BY_STATUS[400])
        else:
            self.log.error("The application could not be run", exc_info=exc)
            answer = _envelope(500, errors.INTERNAL_ERROR)
        with suppress(OSError):
            util.write_nonblock(client, answer)


def _envelope(status: int, kind: errors.ErrorKind) -> bytes:
    """Return a whole HTTP response, after which the connection is closed."""
    body = json.dumps({"ok": False, "error": kind.error})
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {uuid.uuid4().hex}",
    )
    return "\r\n".join((*lines, "", body)).encode()
