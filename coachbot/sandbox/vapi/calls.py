"""Vapi's memory: the calls of every API key, kept until the process ends."""

import bisect
import operator
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from coachbot.sandbox.clock import Clock, iso
from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.vapi.memory import Memory
from coachbot.sandbox.vapi.orgs import Org, WhenFull
from coachbot.sandbox.vapi.placed import Call, another, call_body, org_of, to_milliseconds

EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_CREATED = operator.attrgetter("created")

BLOCKED = "concurrency-blocked"
# How a call goes on for which no line is free.
WITHOUT_LINE = {
    WhenFull.BLOCK: BLOCKED,
    WhenFull.WAIT: "waits-for-line",
    WhenFull.END: "ends-without-line",
}


OnPlaced = Callable[[Call, Callable[[Call], bool]], None]


class Store:
    """All calls, by API key. Safe to use from many threads.

    `on_placed` is the seam for scripted conversations: it gets each call as soon as it is placed,
    before the client gets its answer, so it must return at once and do its work elsewhere.
    """

    def __init__(
        self,
        *,
        now: Clock,
        on_placed: OnPlaced,
        listener_of: Callable[[str], Listener | None] = lambda key: None,
        resources: Memory | None = None,
    ) -> None:
        self.now = now
        self.resources = resources or Memory()
        self.listener_of = listener_of
        self.secret = secrets.token_bytes(16)
        self._on_placed = on_placed
        # Each in the order of creation: a list of a day's calls is read by time, page after page.
        self._calls: dict[str, list[Call]] = {}
        self._received: dict[str, list[Call]] = {}
        self._crowds: dict[str, list[Call]] = {}
        self._by_id: dict[tuple[str, str], Call] = {}
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._orgs: dict[str, Org] = {}
        self._on_line: dict[str, list[Call]] = {}
        self._most_on_line: Counter[str] = Counter()
        self._changing = threading.Lock()

    def count_attempt(self, key: str, number: str) -> int:
        """Remember that this key asks for this number; 1 is the first time."""
        with self._changing:
            self._attempts[key, number] += 1
            return self._attempts[key, number]

    def org(self, key: str) -> Org:
        """What the org of a key has and lacks."""
        return self._orgs.get(key, Org())

    def set_org(self, key: str, org: Org) -> None:
        """Let the org of a key be another from now on."""
        self._orgs[key] = org

    def going_on(self, key: str) -> tuple[int, int]:
        """How many calls of this key have a line now, and how many had one at once at most."""
        with self._changing:
            return len(self._with_lines(key)), self._most_on_line[key]

    def place(
        self, key: str, submitted: Mapping[str, Any], *, ending: str | None, hidden_for: float
    ) -> Call | None:
        """Add a call of this key; reading it is impossible for `hidden_for` seconds. None where
        no line is free and the org refuses such calls.
        """
        with self._changing:
            org = self.org(key)
            is_full = self._is_full(key, org)
            if is_full and org.when_full is WhenFull.REFUSE:
                return None
            created = to_milliseconds(self.now())
            body = call_body(org_of(key), submitted, iso(created))
            call = Call(key, body, created, created + timedelta(seconds=hidden_for), ending)
            if is_full:
                call.ending, call.has_line = WITHOUT_LINE[org.when_full], False
            elif ending != BLOCKED:
                self._give_line(call)
            is_blocked = is_full and org.when_full is not WhenFull.END
            call.limits = org.limits(len(self._with_lines(key)), is_blocked=is_blocked)
            self._keep(self._calls, [call])
        self._on_placed(call, self.take_line)
        return call

    def take_line(self, call: Call) -> bool:
        """Give a call that waits a line, if one is free. True once it has one."""
        with self._changing:
            if not (
                call.has_line or call.is_deleted or self._is_full(call.key, self.org(call.key))
            ):
                self._give_line(call)
            return call.has_line

    def delete(self, call: Call) -> bool:
        """Forget a call that has no line. False if it has one."""
        with self._changing:
            is_running = call.has_line and call.body["status"] != "ended"
            call.is_deleted = not is_running
            return call.is_deleted

    def _with_lines(self, key: str) -> list[Call]:
        going = [call for call in self._on_line.get(key, []) if call.body["status"] != "ended"]
        self._on_line[key] = going
        return going

    def _is_full(self, key: str, org: Org) -> bool:
        return org.lines is not None and len(self._with_lines(key)) >= org.lines

    def _give_line(self, call: Call) -> None:
        call.has_line = True
        going = [*self._with_lines(call.key), call]
        self._on_line[call.key] = going
        self._most_on_line[call.key] = max(self._most_on_line[call.key], len(going))

    def receive(self, key: str, customer: Mapping[str, Any], number_id: str, ending: str) -> Call:
        """Add a call that somebody makes to a number of this key."""
        with self._changing:
            created = to_milliseconds(self.now())
            told = {"customer": dict(customer), "phoneNumberId": number_id}
            body = call_body(org_of(key), told, iso(created))
            body.update(type="inboundPhoneCall", status="ringing", assistantId=None, squadId=None)
            call = Call(key, body, created, created, ending)
            self._keep(self._received, [call])
        return call

    def _keep(self, calls: dict[str, list[Call]], new: list[Call]) -> None:
        for call in new:
            bisect.insort(calls.setdefault(call.key, []), call, key=_CREATED)
            self._by_id[call.key, call.id] = call

    def last_number(self, key: str) -> str:
        """The id of the number that this key called from last; "" if it never did."""
        placed = self.placed(key)
        return str(placed[0].body.get("phoneNumberId") or "") if placed else ""

    def crowd(self, call: Call, number: int, *, seconds: float = 60.0) -> None:
        """Let the org of a call have made so many others in as many seconds around it.

        They differ from it in the person and the time only, and nothing is told of them.
        """
        others = [
            another(call, call.created + timedelta(seconds=seconds * (n / number - 0.5)))
            for n in range(number)
        ]
        with self._changing:
            self._keep(self._crowds, others)

    def placed(self, key: str) -> list[Call]:
        """Every call of this key, newest first."""
        with self._changing:
            return self._calls.get(key, [])[::-1]

    def received(self, key: str) -> list[Call]:
        """Every call that came in at a number of this key, newest first."""
        with self._changing:
            return self._received.get(key, [])[::-1]

    def shown(self, key: str, *, made: tuple[datetime, datetime] = EVER) -> list[Call]:
        """The calls that this key can already read, newest first; those made in a time, both ends
        included.
        """
        with self._changing:
            kept = (self._calls, self._received, self._crowds)
            known = [call for calls in kept for call in _made_in(calls.get(key, []), *made)]
        shown = [call for call in known if self._is_shown(call)]
        return sorted(shown, key=_CREATED, reverse=True)

    def _is_shown(self, call: Call) -> bool:
        return call.shown_from <= self.now() and not call.is_deleted

    def find(self, key: str, call_id: str) -> Call | None:
        """The call with this id, if this key can read it."""
        call = self._by_id.get((key, call_id))
        return call if call and self._is_shown(call) else None


def _made_in(calls: list[Call], earliest: datetime, latest: datetime) -> list[Call]:
    begin = bisect.bisect_left(calls, earliest, key=_CREATED)
    return calls[begin : bisect.bisect_right(calls, latest, key=_CREATED)]
