"""Codes decide, sentences tell: with every sentence reworded, the same happens."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads.agent import booking
from leads.models import Booking, Lead
from tests.client import Api
from tests.factories import make_cast, make_phone
from tests.leads.agent.conftest import JANE, STARTS
from tests.servers import WebServer
from tests.vapi_messages import Reporter
from workspaces.connections import credentials

OUTCOMES = ("customer-busy", "customer-ended-call", "voicemail")


@pytest.fixture
def reworded_web(sandbox):
    server = WebServer(
        VAPI_BASE_URL=sandbox.base_url,
        CALCOM_BASE_URL=f"{sandbox.base_url}/v2",
        PUBLIC_API_RATE_LIMITS="100000/m",
        SECURE_SSL_REDIRECT="0",
    )
    server.arguments = ["-c", "tests/rewording_gunicorn.conf.py"]
    server.start()
    yield server
    server.stop()


def refusals(cast, api) -> list:
    """Submit what Vapi refuses, what a rule holds, and what is no submission at all."""
    answers = [api.submit(phone=f"{make_phone()[:-2]}{digits}") for digits in ("41", "44", "45")]
    answers.append(api.submit(phone="+16505550100"))
    answers.append(api.submit(phone="no phone"))
    held = Lead.objects.filter(workspace=cast.workspace).exclude(held_because="")
    return [
        [answer.status_code for answer in answers],
        list(held.values_list("held_because", flat=True)),
    ]


def endings(cast, api, reporter) -> list:
    """Let calls end in several ways, and the agent act in them."""
    found = []
    for reason in OUTCOMES:
        lead_id = api.submit().json()["leadId"]
        placed = cast.placed()[-1]
        reporter.status(placed, "in-progress")
        reporter.report(placed, reason)
        found.append(facts_of(lead_id))
    for tool in ("markUnqualified", "escalateToHuman", "listSlots"):
        lead_id = api.submit().json()["leadId"]
        reporter.ask(cast.placed()[-1], tool, {"reason": "Because."})
        found.append(facts_of(lead_id))
    return found


def appointments(cast, api, reporter, calendar) -> list:
    """Let one booking turn up after it was uncertain, and another be given up."""
    found = []
    for digits, is_late in (("63", True), ("50", False)):
        account = calcom.Account(f"cal_sandbox_{secrets.token_hex(8)}", int(f"1234{digits}"), "UTC")
        credentials.connect_calcom(cast.workspace, account)
        lead_id = api.submit(email="jane@acme.com").json()["leadId"]
        placed = cast.placed()[-1]
        start = STARTS.findall(reporter.ask(placed, "listSlots", {}))[0]
        reporter.ask(placed, "bookConsult", {**JANE, "start": start})
        found.append(facts_of(lead_id))
        settle(lead_id, calendar, is_late)
        found.append(facts_of(lead_id))
    return found


def settle(lead_id, calendar, is_late: bool) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    if not is_late:
        Booking.objects.filter(lead_id=lead_id).update(sent_at=long_ago, lease_until=long_ago)
    calendar.now = lambda: timezone.now() + timedelta(seconds=70 * is_late)
    try:
        booking.settle_bookings()
    finally:
        calendar.now = timezone.now


def facts_of(lead_id) -> list:
    lead = Lead.objects.get(pk=lead_id)
    return [lead.status, lead.status_reason, bool(lead.qualification_notes), bool(lead.booking_uid)]


def story(web, sandbox) -> tuple[list, list]:
    """Return what happened by codes, and every sentence that was written meanwhile."""
    cast = make_cast(sandbox, allowed_countries="GB")
    api, reporter = Api(web.base_url, cast.key), Reporter(web.base_url, cast.workspace)
    calendar = sandbox.providers["calcom"].calendar
    happened = [
        refusals(cast, api),
        endings(cast, api, reporter),
        appointments(cast, api, reporter, calendar),
    ]
    rows = cast.workspace.log.order_by("id")
    columns = ("kind", "code", "outcome", "status_code", "error_code")
    happened.append(sorted(map(str, rows.values_list(*columns))))
    notes = Lead.objects.filter(workspace=cast.workspace)
    return happened, [
        *notes.values_list("qualification_notes", flat=True),
        *map(str, rows.filter(kind="tool_call").values_list("response", flat=True)),
    ]


def test_rewording_every_sentence_changes_nothing_but_texts(
    web, reworded_web, sandbox, settings, providers
):
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"

    happened, sentences = story(web, sandbox)
    happened_reworded, sentences_reworded = story(reworded_web, sandbox)

    assert happened_reworded == happened
    assert not any("In other words" in text for text in sentences)
    assert sum("In other words" in text for text in sentences_reworded) >= 6
