"""gunicorn's threaded worker, with a gentler end and refusals in the envelope."""

import errno
import json
import time
import uuid
from contextlib import suppress
from http import HTTPStatus

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.base import Worker

from coachbot.http import errors
from coachbot.server.patience import PatientWorker
from coachbot.server.probes import ProbingWorker

# The process, or the machine, has no file or memory for a further connection.
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
EXHAUSTED_PAUSE, SILENCE = 0.1, 5.0
REFUSALS = {LimitRequestLine: 414, LimitRequestHeaders: 431}
# How long a stopping worker waits for the rest of what has not arrived.
LAST_WORD_SECONDS = 2.0


class DrainingWorker(PatientWorker, ProbingWorker):
    """Serves what waits in the listen queue before it stops.

    gunicorn 27.0.1 keeps the listening socket open while it finishes what is in flight,
    and closes it at the end: whoever connected meanwhile is reset. Here the queue is
    emptied and the socket closed first, so that a later caller is refused, or reaches
    another worker, and nobody's request breaks off.
    """

    silent_until = 0.0  # of complaints that would be made again and again

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            last = time.monotonic() + LAST_WORD_SECONDS
            for conn in self.pending_conns:
                conn.timeout = min(conn.timeout or last, last)
            for listener in self.sockets:
                self._empty(listener)
                listener.close()

    def accept(self, listener):
        """Leave callers in the queue for a moment while the process can open no more files.

        ThreadWorker of gunicorn 27.0.1 ends there, with all that is in flight.
        """
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in EXHAUSTED:
                raise
            if time.monotonic() > self.silent_until:
                self.log.error("No connection can be accepted: %s", error)
                self.silent_until = time.monotonic() + SILENCE
            time.sleep(EXHAUSTED_PAUSE)

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
