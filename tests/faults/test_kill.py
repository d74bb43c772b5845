"""The process ends by `kill -9` at every step of a dispatch: no lead lost, nobody called twice."""

import threading
from pathlib import Path

import pytest

from tests.client import Api
from tests.factories import make_phone
from tests.faults.clients import submit_all
from tests.faults.conftest import QUICK
from tests.faults.judge import assert_nothing_lost_nobody_called_twice, await_settled
from tests.servers import WebServer

KILLS = 10
LEADS = 40
CLIENTS = 8

STEPS = [
    "leads.intake.submit:submit_lead:before",
    "leads.intake.submit:_write:before",
    "leads.contact.gate:place_of_day:after",  # about to be counted
    "leads.intake.submit:_write:after",  # committed, not sent
    "coachbot.providers.vapi.client:create_call:before",
    "coachbot.providers.transport:_read:before",  # placed, the answer not read
    "coachbot.providers.vapi.client:create_call:after",
    "leads.calls.placing.confirming:_write_confirmation:before",
    "leads.calls.placing.confirming:_write_confirmation:after",
    "leads.api.serializers.receipts:receipt_json:after",  # confirmed, not answered
]


def drop_tokens(folder: Path, stop: threading.Event):
    """Let the server be killed again and again, once the one before has been taken."""
    for number in range(KILLS):
        (folder / str(number)).touch()
        while any(folder.iterdir()):
            if stop.wait(0.02):
                return
        stop.wait(0.3)


@pytest.fixture
def killed_web(tmp_path, sandbox):
    def start(step):
        tokens = tmp_path / "tokens"
        tokens.mkdir()
        server = WebServer(
            VAPI_BASE_URL=sandbox.base_url, KILL_AT=step, KILL_TOKENS=str(tokens), **QUICK
        )
        server.arguments = ["-c", "tests/faults/killing_gunicorn.conf.py"]
        started.append(server.start())
        return server, tokens

    started: list[WebServer] = []
    yield start
    for server in started:
        server.stop()


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, killed_web, cast, settling):
    server, tokens = killed_web(step)
    stop = threading.Event()
    killer = threading.Thread(target=drop_tokens, args=(tokens, stop))

    with settling():
        killer.start()
        phones = [make_phone() for _ in range(LEADS)]
        answers = submit_all(Api(server.base_url, cast.key), phones, clients=CLIENTS)
        stop.set()
        killer.join()
        await_settled(cast)

    broken = sum(statuses.count(0) for statuses in answers.values())
    assert broken >= KILLS, f"only {broken} requests were cut: the kills did not happen"
    assert {statuses[-1] for statuses in answers.values()} <= {201, 409}
    assert_nothing_lost_nobody_called_twice(cast, answers)
