"""What goes on by itself at Twilio: each course of events on a thread of its own."""

import threading
from collections.abc import Callable

from coachbot.sandbox.provider import Conditions


class Stopped(Exception):
    """The sandbox stops."""


class Stage:
    """Begins courses of events, and ends them all. pace, plays_leads: see Conditions."""

    def __init__(self, conditions: Conditions) -> None:
        self.pace, self.plays_leads = conditions.pace, conditions.plays_leads
        self._stopping = threading.Event()

    def begin(self, deed: Callable[[], None]) -> None:
        """Begin a deed, and return at once."""

        def perform() -> None:
            try:
                deed()
            except Stopped:
                return

        threading.Thread(target=perform, daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Let seconds of what is played pass. Raises Stopped where the sandbox stops meanwhile."""
        if self._stopping.wait(seconds * self.pace):
            raise Stopped

    def stop(self) -> None:
        """Leave everything where it is."""
        self._stopping.set()
