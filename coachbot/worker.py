"""gunicorn's threaded worker, with a gentler end."""

from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):
    """Serves what waits in the listen queue before it stops.

    gunicorn 27.0.1 keeps the listening socket open while it finishes what is in flight,
    and closes it at the end: whoever connected meanwhile is reset. Here the queue is
    emptied and the socket closed first, so that a later caller is refused, or reaches
    another worker, and nobody's request breaks off.
    """

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._empty(listener)
                listener.close()

    def _empty(self, listener):
        """Accept until nobody waits; accept() itself says nothing of "would block"."""
        before = -1
        while self.nr_conns != before:
            before = self.nr_conns
            self.accept(listener)
