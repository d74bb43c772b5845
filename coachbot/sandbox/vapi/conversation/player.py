"""Playing calls: whoever is listening hears of each placed call as Vapi would tell it.

A listener is a server URL with its secret: one for each org, or one for all of them.
"""

import threading
from collections.abc import Callable

from coachbot.sandbox.vapi.calls import Call, Listener, Store
from coachbot.sandbox.vapi.conversation import scripts
from coachbot.sandbox.vapi.conversation.line import HungUp, Line


class Player:
    """Plays a script for every placed call of an org that has a listener.

    pace: how long a script's second takes; 1 is a conversation of seconds, 0 is at once.
    """

    def __init__(self, store: Store, *, pace: float, default: Listener | None = None) -> None:
        self._store, self._pace, self._default = store, pace, default
        self._stopping = threading.Event()

    def play(self, call: Call) -> None:
        """Begin to play a call, and return at once."""
        listener = self._store.listeners.get(call.body["orgId"], self._default)
        script = scripts.script_for(call.ending)
        if listener and script:
            parts = (call, listener, script)
            threading.Thread(target=self._perform, args=parts, daemon=True).start()

    def stop(self) -> None:
        """Leave every call that is being played in the middle of it."""
        self._stopping.set()

    def _perform(self, call: Call, listener: Listener, script: Callable[[Line], None]) -> None:
        line = Line(call, listener, now=self._store.now, wait=self._wait)
        try:
            script(line)
        except HungUp:
            return  # nobody listens any more, or the sandbox stops

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds * self._pace):
            raise HungUp
