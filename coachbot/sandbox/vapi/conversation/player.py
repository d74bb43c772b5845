"""Playing calls: whoever is listening hears of each placed call as Vapi would tell it."""

import threading
from collections.abc import Callable

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.vapi.calls import Call
from coachbot.sandbox.vapi.conversation import scripts
from coachbot.sandbox.vapi.conversation.line import HungUp, Line
from coachbot.sandbox.vapi.conversation.scripts import Script

TakeLine = Callable[[Call], bool]


class Player:
    """Plays a script for every placed call whose key has a listener."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._stopping = threading.Event()

    def play(self, call: Call, take_line: TakeLine) -> None:
        """Begin to play a call, and return at once. take_line: gives it a line, if one is free."""
        listener = self._conditions.listeners.of(call.key)
        script = scripts.script_for(call.ending)
        if listener and script:
            parts = (call, listener, script, take_line)
            threading.Thread(target=self._perform, args=parts, daemon=True).start()

    def stop(self) -> None:
        """Leave every call that is being played in the middle of it."""
        self._stopping.set()

    def _perform(self, call: Call, listener: Listener, script: Script, take_line: TakeLine) -> None:
        now = self._conditions.now
        line = Line(call, listener, now=now, wait=self._wait, take_line=take_line)
        try:
            script(line)
        except HungUp:
            return  # nobody listens any more, or the sandbox stops

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds * self._conditions.pace):
            raise HungUp
