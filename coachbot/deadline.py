"""A point in time that a request must not outlive."""

import time


class Deadline:
    """Counts down from its making, on a clock that nobody sets back."""

    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, never below 0."""
        return max(0.0, self._end - time.monotonic())

    def pause(self, seconds: float) -> bool:
        """Sleep that long, or as long as is left. Return whether any time is left after."""
        time.sleep(min(seconds, self.remaining()))
        return self.remaining() > 0
