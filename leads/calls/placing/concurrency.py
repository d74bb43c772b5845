"""The bound on calls that one process places at once: Vapi's concurrency limit, held from before
anything is stored until the outcome is known.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from coachbot.providers import limits

WAIT_SECONDS = 2.0


class TooManyCalls(Exception):
    """This process is placing as many calls as it may. Nothing was begun."""

    def __init__(self) -> None:
        super().__init__("Too many calls are being placed at once.")


@contextmanager
def limited(workspace_id: int) -> Iterator[None]:
    """Hold a place while the body places a call, or waits for one that is being placed.

    Enter it before anything is stored. Raises TooManyCalls when none gets free within two
    seconds, or at once when enough others wait already.
    """
    with ExitStack() as place:
        try:
            place.enter_context(limits.VAPI.hold(workspace_id, patience=WAIT_SECONDS))
        except limits.Busy as error:
            raise TooManyCalls from error
        yield
