"""Leads that keep coming in, five a second, from people's sites that retry what is refused."""

import contextlib
import heapq
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import requests

from bench.bad_day.record import NO_ANSWER, Record
from tests import nginx
from tests.factories import make_phone
from tests.faults.clients import MAY_PASS

A_SECOND = 5
CALLERS = 200  # of which each may wait for 15 seconds
TIMEOUT = 40
SHORTEST_RETRY = 10.0
# What becomes of the call at the sandbox: it is had, missed, or not told of; comes late; its
# answer is lost, each way; is refused once.
ENDINGS = (
    *("16", "16", "13", "00", "16", "00", "13", "11", "70", "71"),
    *("16", "60", "61", "00", "62", "63", "13", "64", "65", "66", "67", "68", "80", "81", "82"),
)


class Client:
    """Asks over kept connections through nginx, and writes each answer down."""

    def __init__(self, front: nginx.Nginx, record: Record, **headers: str):
        self.base_url, self.record = front.base_url, record
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(front.certificate)
        self.session.headers.update(headers)
        self.session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=CALLERS))

    def ask(self, kind: str, method: str, path: str, **request) -> requests.Response | None:
        """Return the answer, None where the connection broke."""
        begin, response = time.monotonic(), None
        with contextlib.suppress(requests.RequestException):
            response = self.session.request(
                method, self.base_url + path, timeout=TIMEOUT, allow_redirects=False, **request
            )
        status = NO_ANSWER if response is None else response.status_code
        self.record.add(kind, status, time.monotonic() - begin, request_id_of(response))
        return response


def request_id_of(response: requests.Response | None) -> str:
    return "" if response is None else response.headers.get("X-Request-Id", "")


class Leads:
    """Submits leads at a steady pace, and those that were refused again, at the same pace.

    answers: the statuses by phone. accepted: ids of leads that got a 201.
    """

    def __init__(self, client: Client):
        self.client = client
        self.answers: dict[str, list[int]] = defaultdict(list)
        self.accepted: list[str] = []
        self.refused: list[tuple[float, str]] = []
        self.is_closing = threading.Event()
        self._open = 0
        self._changing = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, patience: float) -> None:
        """Take no new ones; wait until each that was refused is settled, or patience ends."""
        self.is_closing.set()
        self._thread.join(patience)
        self.client = None  # ends the thread where patience did
        self._thread.join()

    def _run(self) -> None:
        number, began = 0, time.monotonic()
        with ThreadPoolExecutor(CALLERS) as callers:
            while self.client and not (self.is_closing.is_set() and self._is_settled()):
                if not self.is_closing.is_set():
                    phone = make_phone(ending=ENDINGS[number % len(ENDINGS)])
                    callers.submit(self._submit, phone, self.client)
                if phone := self._due():
                    callers.submit(self._submit, phone, self.client)
                number += 1
                time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))

    def _is_settled(self) -> bool:
        with self._changing:
            return not self._open and not self.refused

    def _due(self) -> str | None:
        with self._changing:
            if self.refused and self.refused[0][0] <= time.monotonic():
                return heapq.heappop(self.refused)[1]
        return None

    def _submit(self, phone: str, client: Client) -> None:
        with self._changing:
            self._open += 1
        body = {"name": "Jane Doe", "phone": phone, "consent": True}
        response = client.ask("lead", "POST", "/api/public/leads", json=body)
        status = NO_ANSWER if response is None else response.status_code
        with self._changing:
            self._open -= 1
            self.answers[phone].append(status)
            if status == 201:
                self.accepted.append(response.json()["leadId"])
            elif status in MAY_PASS | {NO_ANSWER}:
                asked = 0 if response is None else response.headers.get("Retry-After", 0)
                at = time.monotonic() + max(SHORTEST_RETRY, float(asked))
                heapq.heappush(self.refused, (at, phone))
