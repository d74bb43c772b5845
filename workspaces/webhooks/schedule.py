"""When a delivery is tried again: the schedule of Standard Webhooks, over three days."""

import random
from datetime import timedelta

# Between attempts, 75 hours in all. The first pause is drawn from FIRST: 5 to 15 seconds, of which
# the worker may take two until it looks.
FIRST = (5.0, 13.0)
PAUSES = (
    *(timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5)),
    *(timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24)),
)
JITTER = 0.1
# An endpoint to which nothing got through for so long is switched off.
GIVEN_UP_AFTER = timedelta(days=3)
# An endpoint that failed so often in a row rests as a whole, so that not each event asks it.
FAILURES_BEFORE_REST = 5
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=1)


def pause_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many attempts that failed; None where that was the last."""
    if tries <= 1:
        return timedelta(seconds=random.uniform(*FIRST))
    if tries - 2 >= len(PAUSES):
        return None
    return PAUSES[tries - 2] * random.uniform(1 - JITTER, 1 + JITTER)
