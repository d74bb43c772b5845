"""Probes have threads of their own: they are answered at once while all others work or hang."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor

from gunicorn.workers.gthread import ThreadWorker

PROBE = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz)[ ?]")
PROBE_THREADS = 2
LARGEST_PROBE = 4096


class ProbingWorker(ThreadWorker):
    """Gives a probe to a thread that answers nothing else, once all of it has arrived."""

    def init_process(self):
        self.probes = ThreadPoolExecutor(PROBE_THREADS, thread_name_prefix="probe")
        super().init_process()

    def enqueue_req(self, conn):
        is_probe = not self.cfg.is_ssl and _is_probe(_beginning(conn.sock))
        pool = self.probes if is_probe else self.tpool
        answered = pool.submit(self.handle, conn)
        answered.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )


def _is_probe(beginning: bytes) -> bool:
    """Tell a probe that is there as a whole: what drips in must not hold the threads of probes."""
    return PROBE.match(beginning) is not None and b"\r\n\r\n" in beginning


def _beginning(sock: socket.socket) -> bytes:
    """Return the first bytes that wait to be read, b"" where there are none."""
    try:
        return sock.recv(LARGEST_PROBE, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:  # none, or a thread will find out
        return b""
