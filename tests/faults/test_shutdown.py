"""SIGTERM and reload under load: what is in flight is finished, and nothing breaks."""

import signal
import threading
from collections import Counter

import pytest
import requests

from tests.client import Api
from tests.factories import make_phone
from tests.faults.conftest import QUICK
from tests.servers import WebServer, wait_until

CLIENTS = 12
REFUSED = "refused"  # nobody listens any more: the request was never taken

pytestmark = pytest.mark.on_sqlite_too


class Load:
    """Clients that submit lead after lead, each over a connection of its own."""

    def __init__(self, api: Api, ending: str):
        self.api, self.ending = api, ending
        self.outcomes: Counter = Counter()
        self.accepted: list[str] = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._submit) for _ in range(CLIENTS)]

    def _submit(self):
        while not self.stop.is_set():
            phone = make_phone(ending=self.ending)
            try:
                response = self.api.post(
                    json={"name": "Jane Doe", "phone": phone, "consent": True},
                    headers={"Connection": "close"},
                )
            except requests.ConnectionError as error:
                was_refused = "refused" in str(error)
                self.outcomes[REFUSED if was_refused else repr(error)] += 1
                if was_refused:
                    return
            else:
                self.outcomes[response.status_code] += 1
                if response.status_code == 201:
                    self.accepted.append(phone)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_until(lambda: sum(self.outcomes.values()) >= CLIENTS, "the load to be under way")
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def own_web(sandbox):
    server = WebServer(VAPI_BASE_URL=sandbox.base_url, **QUICK).start()
    yield server
    if server.process.poll() is None:
        server.stop()


def test_sigterm_finishes_what_is_in_flight(own_web, cast):
    with Load(Api(own_web.base_url, cast.key), ending="70") as load:
        own_web.process.send_signal(signal.SIGTERM)
        own_web.process.wait(timeout=40)

    assert set(load.outcomes) <= {201, REFUSED}, load.outcomes
    assert own_web.process.returncode == 0
    placed = {call.body["customer"]["number"] for call in cast.placed()}
    assert placed == set(load.accepted)


def test_reload_under_load_is_not_noticed(own_web, cast):
    with Load(Api(own_web.base_url, cast.key), ending="00") as load:
        own_web.process.send_signal(signal.SIGHUP)
        wait_until(lambda: own_web.output().count("Worker exiting") >= 1, "the old workers to go")
        before = sum(load.outcomes.values())
        wait_until(lambda: sum(load.outcomes.values()) > before + 20, "new workers to serve")

    assert set(load.outcomes) == {201}, load.outcomes
