"""How many threads of this process a provider may occupy: one concurrency limit for each.

Together they leave threads for what waits for nobody (`check_start` holds it), so that a provider
that hangs takes neither reads and pages nor what another provider is needed for.
"""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.conf import settings

from coachbot.db.connections import release_connection
from coachbot.observability import metrics
from coachbot.providers import Unreachable


class Busy(Unreachable):
    """This process occupies a provider as much as it may, so the provider was not asked."""

    code = "too_busy"


@dataclass(frozen=True)
class Size:
    """places: for threads that work at something of the provider's. waiting: for such as wait for
    a place.
    """

    label: str
    places: int
    waiting: int = 0


class Limit:
    """The places of one provider. A tenant takes all but an eighth of them at most: the last ones
    are for tenants who hold less than a quarter, so that one of them alone refuses nobody else.
    """

    def __init__(self, provider: str, size: Size):
        self._size = size
        self._kept, self._share = size.places // 8, size.places // 4
        self._taken: Counter[Hashable] = Counter()
        self._waiting = 0
        self._changed = threading.Condition()
        self._of_thread = threading.local()
        self._in_flight = metrics.PROVIDER_IN_FLIGHT.labels(provider)
        self._turned_away = metrics.PROVIDER_TURNED_AWAY.labels(provider)

    def resize(self, *, places: int, waiting: int) -> None:
        """Have other places from now on: a worker's threads are for other work than a server's."""
        with self._changed:
            self._size = replace(self._size, places=places, waiting=waiting)
            self._kept, self._share = places // 8, places // 4
            self._changed.notify_all()

    @contextmanager
    def hold(self, tenant: Hashable = None, *, patience: float = 0.0) -> Iterator[None]:
        """Hold a place while the body runs; a thread that holds one already needs no second.

        patience: seconds to wait for a place, without a database connection.
        Raises Busy, before the body, where none is or gets free.
        """
        if getattr(self._of_thread, "holds", False):
            yield
            return
        self._take(tenant, patience)
        self._of_thread.holds = True
        try:
            with self._in_flight.track_inprogress():
                yield
        finally:
            self._of_thread.holds = False
            self._give_back(tenant)

    def _take(self, tenant: Hashable, patience: float) -> None:
        with self._changed:
            if self._try(tenant):
                return
            may_wait = patience > 0 and self._waiting < self._size.waiting
            self._waiting += may_wait
        try:
            if not (may_wait and self._wait(tenant, patience)):
                self._turned_away.inc()
                raise Busy(
                    f"{self._size.label} was not asked: this server is waiting for as many of its "
                    "answers as it may. Try again in a moment."
                )
        finally:
            with self._changed:
                self._waiting -= may_wait

    def _wait(self, tenant: Hashable, patience: float) -> bool:
        release_connection()
        with self._changed:
            return self._changed.wait_for(lambda: self._try(tenant), patience)

    def _try(self, tenant: Hashable) -> bool:
        free = self._size.places - self._taken.total()
        if free <= 0 or (free <= self._kept and self._taken[tenant] >= self._share):
            return False
        self._taken[tenant] += 1
        return True

    def _give_back(self, tenant: Hashable) -> None:
        with self._changed:
            self._taken[tenant] -= 1
            self._taken += Counter()  # forgets who holds nothing
            self._changed.notify_all()


VAPI = Limit("vapi", Size("Vapi", settings.CALLS_IN_FLIGHT, settings.CALLS_WAITING))
CALCOM = Limit("calcom", Size("Cal.com", settings.CALCOM_IN_FLIGHT))
TWILIO = Limit("twilio", Size("Twilio", settings.TWILIO_IN_FLIGHT))
OPENAI = Limit("openai", Size("The language model", settings.OPENAI_IN_FLIGHT))
# Only workers ask these, and workspaces.webhooks.places bounds them more closely.
WEBHOOKS = Limit("webhook", Size("The webhook endpoint", 64))
# Workers ask these, and who tries a channel out.
CHANNEL = Limit("channel", Size("The channel", 4))
LIMITS = {
    "vapi": VAPI,
    "calcom": CALCOM,
    "twilio": TWILIO,
    "openai": OPENAI,
    "webhook": WEBHOOKS,
    "channel": CHANNEL,
}
