"""GET /api/public/leads from the first page to the last, while leads come and go.

Who was there from beginning to end is to be listed once; and a page far behind is to take no
longer than one of a workspace with few leads.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import requests

from bench.figures import median, percentile, table

A_PAGE = 100
# Of one lead in so many that is there, an integration asks for the erasure meanwhile.
ERASED = 500
# Seconds between two changes.
PAUSE = 0.05


@dataclass
class Walk:
    """What was listed, in order, and the milliseconds of each page."""

    listed: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def walk(base: str, key: str) -> Walk:
    """Go through the whole list. Raises requests.HTTPError at an answer that is no page."""
    done, cursor = Walk(), {}
    with _client(key) as http:
        while cursor is not None:
            query = {"limit": A_PAGE, **cursor}
            started = time.perf_counter()
            response = http.get(f"{base}/api/public/leads", params=query, timeout=60)
            done.times.append((time.perf_counter() - started) * 1000)
            response.raise_for_status()
            page = response.json()
            done.listed += [lead["id"] for lead in page["data"]]
            cursor = {"cursor": page["nextCursor"]} if page["hasMore"] else None
    return done


class Changes:
    """Takes leads in and erases some of those that are there, in a thread, one after the other."""

    def __init__(self, base: str, key: str, there: list[str]):
        self.base, self.http = base, _client(key)
        self.to_erase = there[::ERASED]
        self.made: list[str] = []
        self.erased: set[str] = set()
        self.fault: Exception | None = None
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Changes":
        self.thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self.is_over.set()
        self.thread.join()
        self.http.close()

    def _run(self) -> None:
        try:
            for number, lead_id in enumerate(self.to_erase):
                if self.is_over.wait(PAUSE):
                    return
                self._take_in(number)
                self.http.delete(self._url(lead_id), timeout=60).raise_for_status()
                self.erased.add(lead_id)
        except Exception as fault:  # shown by measure()
            self.fault = fault

    def _take_in(self, number: int) -> None:
        body = {"name": "Jane Doe", "phone": f"+4476{number:08d}", "consent": True}
        response = self.http.post(f"{self.base}/api/public/leads", json=body, timeout=60)
        response.raise_for_status()
        self.made.append(response.json()["leadId"])

    def _url(self, lead_id: str) -> str:
        return f"{self.base}/api/public/leads/{lead_id}"


def measure(few: str, many: str, key: str, there: list[str], *, rounds: int) -> str:
    """Return the table. few, many: the addresses of the servers. there: the ids of the many.

    Raises RuntimeError where the changes could not be made.
    """
    small = [ms for _ in range(rounds) for ms in walk(few, key).times]
    with Changes(many, key, there) as changes:
        done = walk(many, key)
    if changes.fault:
        raise RuntimeError("The leads could not be changed meanwhile.") from changes.fault
    listed, stayed = Counter(done.listed), set(there) - changes.erased
    lines = [
        f"Walked over {len(there):,} leads in {len(done.times):,} pages, while {len(changes.made)}"
        f" came and {len(changes.erased)} went: {len(stayed - listed.keys())} missing,"
        f" {sum(times > 1 for times in listed.values())} twice.",
        "",
        _pages(small, done.times),
    ]
    return "\n".join(lines)


def _pages(small: list[float], large: list[float]) -> str:
    third = max(1, len(large) // 3)
    parts = {
        "the first third": large[:third],
        "the second": large[third : 2 * third],
        "the last": large[2 * third :],
    }
    rows = [["a workspace with few", *_figures(small), "1.00"]]
    for name, times in parts.items():
        rows.append([f"of many, {name}", *_figures(times), f"{median(times) / median(small):.2f}"])
    return table([f"page of {A_PAGE}", "median, ms", "9 of 10 under, ms", "ratio"], rows)


def _figures(times: list[float]) -> list[str]:
    return [f"{median(times):.1f}", f"{percentile(times, 0.9):.1f}"]


def _client(key: str) -> requests.Session:
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {key}"
    return http
