"""What breaks, in turn. Each phase is a context in which it is broken."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from bench.bad_day import guests, stores
from bench.bad_day.deployment import Deployment
from bench.bad_day.record import CALM
from bench.bad_day.wire import Manner
from tests.servers import WebServer
from tests.workers import Worker

BROKEN = 0.7  # of its share of the day; the rest is for getting over it
BETWEEN_KILLS = 8.0
REDIS_STOPPED, READ_ONLY = "Redis is stopped", "PostgreSQL is read-only"
WORKER_KILLED, SERVER_KILLED = "a worker is killed", "a server is killed"


@contextmanager
def mail_hangs(day: Deployment) -> Iterator[None]:
    forget = guests.forget_password(day)
    with day.mail.in_manner(Manner.SILENT), guests.at_work(forget, guests.FORGETFUL):
        yield


@contextmanager
def exports_are_read_slowly(day: Deployment) -> Iterator[None]:
    with guests.at_work(guests.read_slowly(day), guests.READERS):
        yield


@contextmanager
def calcom_hangs(day: Deployment) -> Iterator[None]:
    ask = guests.ask_for_slots(day)
    with day.calcom.in_manner(Manner.SILENT), guests.at_work(ask, guests.TOOL_CALLS):
        yield


def _kill_again_and_again(victim: Callable[[Deployment], WebServer | Worker]):
    @contextmanager
    def phase(day: Deployment) -> Iterator[None]:
        def kill(leaving) -> None:
            victim(day).kill()
            victim(day).start()
            leaving.wait(BETWEEN_KILLS)

        with guests.at_work(kill, 1):
            yield

    return phase


PHASES: dict[str, Callable[[Deployment], AbstractContextManager]] = {
    "mail hangs": mail_hangs,
    "exports are read slowly": exports_are_read_slowly,
    "Cal.com hangs": calcom_hangs,
    "Vapi drips": lambda day: day.vapi.in_manner(Manner.DRIPPING),
    "Vapi stalls": lambda day: day.vapi.in_manner(Manner.STALLED),
    "Vapi is silent": lambda day: day.vapi.in_manner(Manner.SILENT),
    REDIS_STOPPED: lambda day: day.redis.stopped(),
    READ_ONLY: lambda day: stores.read_only_postgres(),
    WORKER_KILLED: _kill_again_and_again(lambda day: day.workers[0]),
    SERVER_KILLED: _kill_again_and_again(lambda day: day.webs[0]),
    "a server of submissions is killed": _kill_again_and_again(lambda day: day.webs[2]),
    "a host is 30 s ahead": lambda day: day.host_ahead(),
}
KILLED_SERVERS = {SERVER_KILLED, "a server of submissions is killed", "a host is 30 s ahead"}


def chosen(words: Sequence[str]) -> dict[str, Callable[[Deployment], AbstractContextManager]]:
    """Return the phases that have one of some words in their names; all where there are none.

    Raises ValueError for a word that no phase has.
    """
    for word in words:
        if not any(word in name for name in PHASES):
            raise ValueError(f"No phase is called {word!r}. There are: {', '.join(PHASES)}.")
    return {
        name: broken
        for name, broken in PHASES.items()
        if not words or any(word in name for word in words)
    }


def go_through(day: Deployment, seconds: float, words: Sequence[str] = ()) -> None:
    """Break one after the other, each for its share of the time. words: as chosen() has them."""
    phases = chosen(words)
    share = seconds / (len(phases) + 1)
    time.sleep(share)
    for name, broken in phases.items():
        day.record.begin(name)
        with broken(day):
            time.sleep(share * BROKEN)
            # Before it is repaired: nothing that is seen after that counts as seen while broken.
            day.record.begin(f"{CALM} after: {name}")
        time.sleep(share * (1 - BROKEN))
