"""While providers hang, each refuses in its own words, and everything else is quick."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection, transaction

from coachbot.providers.calcom import client as calcom
from leads.models import Call
from tests.client import Api
from tests.dashboard import Visitor, text_of
from tests.factories import make_cast, make_lead, make_phone, make_user
from tests.servers import wait_until
from tests.vapi_messages import Reporter
from workspaces.connections import credentials

SILENT, HANGING = "60", "70"
THREADS, CALLS = 12, 6
HANGS = 5.0


@pytest.fixture(scope="module")
def small(start_web):
    """One process: six places for Vapi, two for Cal.com."""
    return start_web(
        WEB_CONCURRENCY="1",
        WEB_THREADS=str(THREADS),
        CALLS_IN_FLIGHT=str(CALLS),
        CALLS_WAITING="0",
        CALCOM_IN_FLIGHT="2",
        PUBLIC_API_RATE_LIMITS="100000/m",
        FAILED_KEY_RATE_LIMIT="100000/m",
        VAPI_TIMEOUT="3",
        CALCOM_TIMEOUT=str(HANGS),
    )


@pytest.fixture
def own(sandbox):
    """A workspace whose calendar never answers."""
    cast = make_cast(sandbox)
    account = calcom.Account("cal_sandbox_hangs", int(f"1234{HANGING}"), "Europe/London")
    credentials.connect_calcom(cast.workspace, account)
    return cast


def probe(web, path) -> float:
    """Return how many seconds a probe takes, the quickest of ten: the machine may be busy."""

    def once() -> float:
        started = time.monotonic()
        assert requests.get(web.base_url + path, timeout=5).status_code == 200
        return time.monotonic() - started

    return min(once() for _ in range(10))


@contextmanager
def vapi_is_full(web, own):
    """Let silent calls of two workspaces take every place of Vapi's."""
    other = make_cast(own.sandbox)
    with ThreadPoolExecutor(CALLS) as pool:
        for cast in (own, other):
            api = Api(web.base_url, cast.key)
            for _ in range(CALLS // 2):
                pool.submit(api.submit, phone=make_phone(SILENT))
        wait_until(lambda: len([*own.placed(), *other.placed()]) == CALLS, "Vapi to be full")
        yield


def test_each_way_to_vapi_is_refused_in_its_own_words(small, own):
    lead, heard = make_lead(own.workspace), make_lead(own.workspace)
    Call.objects.create(
        workspace=own.workspace,
        lead=heard,
        status="ended",
        has_recording=True,
        vapi_call_id=str(heard.pk),
        lease_until=heard.created_at,
        conclusive_at=heard.created_at,
    )
    api, owner = Api(small.base_url, own.key), Visitor(small.base_url, make_user(own.workspace))
    page = f"/admin/{own.workspace.slug}"
    with vapi_is_full(small, own):
        started = time.monotonic()
        post = api.submit()
        recording = api.ask("GET", f"/api/public/leads/{heard.pk}/recording")
        listen = owner.get(f"{page}/leads/{heard.pk}/recording")
        owner.post(f"{page}/leads/{lead.pk}/call-again")
        again = text_of(owner.get(f"{page}/leads/{lead.pk}"))
        verified = owner.post(f"{page}/settings/vapi/verify")
        read = api.read(lead.pk)
        seconds = time.monotonic() - started

    assert (post.status_code, post.json()["error"]) == (503, "Service temporarily unavailable.")
    assert recording.json()["error"] == "recording_unavailable"
    assert "waiting for as many of its answers as it may" in recording.json()["message"]
    assert (listen.status_code, "Try again in a moment." in listen.text) == (502, True)
    assert "was not called. Too many calls are being placed at once." in again
    assert verified.status_code in (200, 302)
    assert read.status_code == 200
    assert seconds < 3, "something waited for Vapi"
    assert not lead.calls.exists()


def test_tools_say_so_while_the_calendar_hangs_and_all_else_is_quick(small, own):
    api = Api(small.base_url, own.key)
    api.submit()
    [call] = own.placed()
    reporter = Reporter(small.base_url, own.workspace)
    wishes, started = 3 * THREADS, time.monotonic()
    with ThreadPoolExecutor(wishes) as pool:
        asked = [pool.submit(reporter.ask, call, "listSlots", {}) for _ in range(wishes)]
        wait_until(lambda: sum(a.done() for a in asked) >= wishes - 2, "the others to be refused")
        refused_in = time.monotonic() - started
        placed = api.submit()
        seconds = [probe(small, path) for path in ("/healthz", "/readyz")]
        answers = [a.result() for a in asked]

    assert placed.status_code == 201
    assert refused_in < 2 * HANGS  # three waves of threads that hang would take three times as long
    assert max(seconds) < 0.1
    assert all(answer.startswith("The calendar cannot be reached right now.") for answer in answers)


def test_repetition_of_a_tool_call_waits_on_no_more_threads_than_the_calendar_may(small, own):
    Api(small.base_url, own.key).submit()
    [call] = own.placed()
    reporter = Reporter(small.base_url, own.workspace)
    with ThreadPoolExecutor(THREADS) as pool:
        asked = [
            pool.submit(reporter.ask, call, "listSlots", {}, id="call_1") for _ in range(THREADS)
        ]
        answers = [a.result() for a in asked]

    assert any(answer.startswith("This is still being worked on.") for answer in answers)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no locks of tables")
def test_probes_are_quick_while_every_thread_waits_for_the_database(small, own):
    lead = make_lead(own.workspace)
    api = Api(small.base_url, own.key)
    assert probe(small, "/readyz") < 0.1
    with ThreadPoolExecutor(2 * THREADS) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE leads_lead IN ACCESS EXCLUSIVE MODE")
            reads = [pool.submit(api.read, lead.pk) for _ in range(2 * THREADS)]
            time.sleep(0.5)  # a server that hangs cannot be asked whether it does
            assert not any(read.done() for read in reads)
            seconds = probe(small, "/healthz")
        assert {read.result().status_code for read in reads} <= {200, 503}

    assert seconds < 0.1


def test_connections_that_say_nothing_hold_no_thread(small):
    address = urlsplit(small.base_url)
    with open_silently(address.hostname, address.port, 3 * THREADS):
        assert probe(small, "/sign-in") < 1
        assert probe(small, "/healthz") < 0.1


@contextmanager
def open_silently(host, port, number):
    connections = [socket.create_connection((host, port)) for _ in range(number)]
    try:
        yield
    finally:
        for one in connections:
            one.close()
