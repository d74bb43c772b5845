"""How many threads of this worker may send at once, and for whom: so that an endpoint that is slow
or dead takes no thread from another, nor from the calls.
"""

import threading
from collections import Counter

from django.conf import settings

# Of all endpoints together, at most half of the threads; of one endpoint; of all that fail.
MOST, OF_ONE, OF_FAILING = 8, 3, 2


class Places:
    """Who sends now. Endpoints that fail get few places, and one that works gets no second while
    others may want it.
    """

    def __init__(self, most: int):
        self._most = most
        self._taken: Counter[int] = Counter()
        self._failing: Counter[int] = Counter()
        self._lock = threading.Lock()

    def take(self, endpoint_id: int, *, is_failing: bool) -> bool:
        """Take a place for an endpoint. Return False where it has none now."""
        with self._lock:
            if not self._has_room(endpoint_id, is_failing):
                return False
            self._taken[endpoint_id] += 1
            self._failing[endpoint_id] += is_failing
            return True

    def give_back(self, endpoint_id: int, *, is_failing: bool) -> None:
        with self._lock:
            self._taken[endpoint_id] -= 1
            self._failing[endpoint_id] -= is_failing
            self._taken, self._failing = +self._taken, +self._failing  # forgets who has none

    def _has_room(self, endpoint_id: int, is_failing: bool) -> bool:
        total, own = self._taken.total(), self._taken[endpoint_id]
        if total >= self._most:
            return False
        if is_failing:
            # The last place is never theirs, however few there are.
            return not own and self._failing.total() < min(OF_FAILING, max(1, self._most - 1))
        return not own or (own < OF_ONE and total < self._most / 2)


PLACES = Places(min(MOST, max(2, settings.WORK_THREADS // 2)))
