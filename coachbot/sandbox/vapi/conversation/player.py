"""Playing calls: whoever is listening hears of each placed call as Vapi would tell it."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.vapi.conversation import asking, scripts
from coachbot.sandbox.vapi.conversation.line import HungUp, Line
from coachbot.sandbox.vapi.conversation.scripts import Script
from coachbot.sandbox.vapi.memory import Memory
from coachbot.sandbox.vapi.placed import Call

TakeLine = Callable[[Call], bool]


def _has_line(call: Call) -> bool:
    """A call that comes in is on the line already."""
    return True


class Player:
    """Plays a script for every placed call whose assistant, or whose key, has a listener."""

    def __init__(self, conditions: Conditions, resources: Memory) -> None:
        self._conditions, self._resources = conditions, resources
        self._stopping = threading.Event()

    def play(self, call: Call, take_line: TakeLine) -> None:
        """Begin to play a call, and return at once. take_line: gives it a line, if one is free."""
        listener = self._server_of(call) or self._conditions.listeners.of(call.key)
        script = scripts.script_for(call.ending)
        if listener and script:
            self._start(call, listener, script, take_line)

    def ring(self, call: Call, listener: Listener, *, asks: bool) -> dict[str, Any] | None:
        """Begin to play a call that comes in; what the listener said to who answers, None if that
        was not asked.

        asks: whether Vapi asks; else the number answers by itself.
        """
        answer = None
        if asks:
            answer, reason = asking.who_answers(call, listener, self._conditions.now)
            if reason:
                self._start(call, listener, lambda line: line.status("ended", reason), _has_line)
                return answer
        told = self._server_of(call) or listener
        self._start(call, told, scripts.script_of_ring(call.ending), _has_line)
        return answer

    def stop(self) -> None:
        """Leave every call that is being played in the middle of it."""
        self._stopping.set()

    def _server_of(self, call: Call) -> Listener | None:
        return self._resources.server_of(call.key, str(call.body.get("assistantId")))

    def _start(self, call: Call, listener: Listener, script: Script, take_line: TakeLine) -> None:
        parts = (call, listener, script, take_line)
        threading.Thread(target=self._perform, args=parts, daemon=True).start()

    def _perform(self, call: Call, listener: Listener, script: Script, take_line: TakeLine) -> None:
        now = self._conditions.now
        assistant_id = str(call.body.get("assistantId"))
        line = Line(
            *(call, listener),
            now=now,
            wait=self._wait,
            take_line=take_line,
            server_of_tool=partial(self._resources.server_of_tool, call.key, assistant_id),
        )
        try:
            script(line)
        except HungUp:
            return  # nobody listens any more, or the sandbox stops

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds * self._conditions.pace):
            raise HungUp
