"""The database or Redis goes away: 503 in the envelope, and recovery without a restart."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from coachbot.work import heartbeat
from coachbot.work.models import Heartbeat
from leads.api.webhooks.vapi import FAULT
from leads.models import Lead
from tests.client import Api
from tests.factories import make_lead, make_phone
from tests.faults.clients import submit_until_settled
from tests.faults.conftest import QUICK
from tests.faults.relay import Relay
from tests.servers import WebServer, wait_until
from tests.vapi_messages import Reporter
from tests.workers import Worker
from workspaces.connections import credentials

UNAVAILABLE = {"ok": False, "error": "Service temporarily unavailable."}
RECOVERED_WITHIN = 10
BOOKED_AND_SILENT = 123460  # the sandbox goes by the last two digits of the event type


@pytest.fixture
def postgres():
    parts = urlsplit(os.environ["DATABASE_URL"])
    folder = parse_qs(parts.query).get("host")
    if folder is None:
        pytest.skip("the wire to a PostgreSQL of DATABASE_URL is not ours to cut")
    relay = Relay(f"{folder[0]}/.s.PGSQL.5432").mend()
    relay.url = f"postgresql://postgres@127.0.0.1:{relay.port}{parts.path}"
    return relay


@pytest.fixture
def redis():
    url = urlsplit(os.environ["REDIS_URL"])
    if url.scheme != "unix":
        pytest.skip("the wire to a Redis of REDIS_URL is not ours to cut")
    relay = Relay(url.path).mend()
    relay.url = f"redis://127.0.0.1:{relay.port}"
    return relay


@pytest.fixture
def wired_web(postgres, redis, providers):
    settings = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, "CALCOM_TIMEOUT": "2"}
    server = WebServer(**providers, **QUICK, **settings).start()
    yield server
    server.stop()


@pytest.fixture
def api(wired_web, cast):
    return Api(wired_web.base_url, cast.key)


@pytest.mark.parametrize("what", ["postgres", "redis"])
def test_every_endpoint_answers_503_while_it_is_away(api, cast, request, what):
    lead = make_lead(cast.workspace)
    assert api.submit().status_code == 201

    request.getfixturevalue(what).cut()
    responses = [api.submit(), api.read(lead.pk), api.submit()]

    for response in responses:
        assert (response.status_code, response.json()) == (503, UNAVAILABLE)
        assert int(response.headers["Retry-After"]) >= 1


def serves(api: Api, times: int) -> bool:
    return all(api.submit().status_code == 201 for _ in range(times))


@pytest.mark.parametrize("what", ["postgres", "redis"])
def test_service_recovers_by_itself(api, request, what):
    wire = request.getfixturevalue(what)
    assert api.submit().status_code == 201
    wire.cut()
    assert api.submit().status_code == 503

    wire.mend()

    # A pooled connection that died costs the one request which finds it so a 503.
    wait_until(lambda: serves(api, 20), "20 leads in a row to be taken", RECOVERED_WITHIN)


def test_unknown_keys_are_not_told_apart_while_redis_is_away(wired_web, redis):
    stranger = Api(wired_web.base_url, f"ck_live_{'0' * 32}")
    redis.cut()

    assert stranger.submit().status_code == 503


def test_database_that_goes_away_before_our_write_loses_no_call(
    wired_web, api, cast, postgres, settling
):
    phone = make_phone(ending="70")  # accepted, answered after a second
    answers = {}
    client = threading.Thread(
        target=lambda: answers.update(statuses=submit_until_settled(api, phone))
    )

    with settling():
        client.start()
        wait_until(lambda: cast.placed(), "Vapi to place the call")
        postgres.cut()
        wait_until(
            lambda: "the database did not take it" in wired_web.output(), "the write to fail", 15
        )
        postgres.mend()
        client.join()

    assert answers["statuses"][-1] in {201, 409}
    assert len(cast.placed()) == 1
    assert Lead.objects.get(workspace=cast.workspace, phone=phone).accepted_at


def test_answer_that_cannot_know_whether_the_lead_is_stored_says_so(api, cast, postgres, settling):
    phone = make_phone(ending="70")
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(api.submit, phone=phone)
        wait_until(cast.placed, "Vapi to place the call")
        postgres.cut()
        refused = answer.result()
    postgres.mend()

    assert refused.status_code == 503
    assert "It is not known whether the lead was stored." in refused.json()["message"]
    with settling():
        assert submit_until_settled(api, phone)[-1] == 409
    assert len(cast.placed()) == 1


def test_database_that_goes_away_during_a_booking_makes_one_appointment(
    sandbox, wired_web, api, cast, postgres, settling
):
    account = calcom.Account("cal_sandbox_faults", BOOKED_AND_SILENT, "Europe/London")
    credentials.connect_calcom(cast.workspace, account)
    lead_id = api.submit(email="jane@acme.com").json()["leadId"]
    [call], vapi = cast.placed(), Reporter(wired_web.base_url, cast.workspace)
    start = vapi.ask(call, "listSlots").split("[")[1].split("]")[0]

    def booked():
        return sandbox.providers["calcom"].calendar.booked(account.api_key)

    with ThreadPoolExecutor() as pool:
        answer = pool.submit(vapi.ask, call, "bookConsult", {"start": start})
        wait_until(booked, "Cal.com to book")
        postgres.cut()
        assert answer.result() == FAULT
    postgres.mend()

    with settling():
        lead = Lead.objects.filter(pk=lead_id, status="booked")
        wait_until(lead.exists, "the appointment to be found", 60)
    assert len(booked()) == 1
    assert lead.get().booking_uid == booked()[0].body["uid"]


@pytest.mark.parametrize(
    ("what", "complaint"),
    [("postgres", "did not say what is due"), ("redis", "Error reading from queue")],
)
def test_worker_goes_on_by_itself(postgres, redis, request, what, complaint):
    worker = Worker(DATABASE_URL=postgres.url, REDIS_URL=redis.url).start()
    try:
        request.getfixturevalue(what).cut()
        wait_until(lambda: worker.says(complaint), "the worker to notice", 15)
        assert worker.log.read_text().count(complaint) <= 2  # and not once for each of 16 threads

        request.getfixturevalue(what).mend()
        Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=1))

        wait_until(lambda: heartbeat.last_seen_seconds() < 600, "the worker to be seen again", 60)
        assert worker.log.read_text().count(complaint) <= 6  # and not once for each of 16 threads
    finally:
        worker.kill()
