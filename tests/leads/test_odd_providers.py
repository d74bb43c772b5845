"""Providers that answer anything at all: nothing is a 500, and nobody else is harmed."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads.calls.placing import confirming, reconcile
from leads.calls.settling import overdue
from leads.models import Call
from tests.client import Api
from tests.dashboard import Visitor
from tests.factories import abandon_call, make_cast, make_lead, make_user, open_call
from tests.providers import JSON, ODD_BODIES, OddProvider
from tests.vapi_messages import Reporter, end_of_call_report, item, status_update, tool_calls
from workspaces.connections import credentials

WELL = {"id": "", "status": "queued"}


@pytest.fixture(scope="module")
def provider():
    with OddProvider(lambda path, body: (200, JSON, b"")) as running:
        yield running


@pytest.fixture(scope="module")
def odd_web(start_web, provider):
    return start_web(
        VAPI_BASE_URL=provider.base_url,
        CALCOM_BASE_URL=provider.base_url,
        WEB_CONCURRENCY="1",
        PUBLIC_API_RATE_LIMITS="100000/m",
        VAPI_TIMEOUT="1",
        VAPI_SILENT_WORK="0",
        VAPI_LISTING_LAG="0",
    )


def bodies(provider, *, status=200):
    """Let the provider answer each odd body in turn, to everything but the list of its calls."""
    for body in ODD_BODIES:

        def answer(path, sent, body=body):
            return (200, JSON, b"[]") if path.startswith("GET /call?") else (status, JSON, body)

        provider.answer = answer
        yield body


def accept(provider):
    """Let the provider place every call and say so. Return nothing."""

    def answer(path, sent):
        return 201, JSON, json.dumps({**WELL, "id": str(uuid.uuid4())}).encode()

    provider.answer = answer


def test_verifying_shows_findings(odd_web, cast, provider):
    credentials.connect_calcom(cast.workspace, calcom.Account("cal", 7, "Europe/London"))
    owner = Visitor(odd_web.base_url, make_user(cast.workspace))
    settings = f"/admin/{cast.workspace.slug}/settings"
    page = owner.get(f"{settings}/vapi").text + owner.get(f"{settings}/calcom").text
    asked = [path for path in re.findall(r'(?:form)?action="([^"]+)"', page) if "verify" in path]
    assert len(asked) >= 2

    for _ in bodies(provider):
        for path in asked:
            answer = owner.post(path)
            assert answer.status_code in (200, 302), answer.text


def test_submission_is_answered(odd_web, cast, provider):
    api = Api(odd_web.base_url, cast.key)
    for status in (200, 404):
        for body in bodies(provider, status=status):
            answer = api.submit()
            assert (answer.status_code, answer.json()["error"]) == (502, "voice_dispatch_failed"), (
                body[:50]
            )


def test_id_that_another_call_has_is_unconfirmed(odd_web, cast, provider):
    taken = json.dumps({**WELL, "id": f"call-{uuid.uuid4()}"}).encode()
    provider.answer = lambda path, sent: (201, JSON, taken if path.startswith("POST") else b"[]")
    api = Api(odd_web.base_url, cast.key)

    first, second = api.submit(), api.submit()

    assert (first.status_code, second.status_code) == (201, 502)


def test_recording_is_refused_in_its_words(odd_web, cast, provider):
    accept(provider)
    api = Api(odd_web.base_url, cast.key)
    lead_id = api.submit().json()["leadId"]
    Call.objects.filter(lead_id=lead_id).update(has_recording=True)
    for _ in bodies(provider):
        answer = api.ask("GET", f"/api/public/leads/{lead_id}/recording")
        assert (answer.status_code, answer.json()["error"]) == (502, "recording_unavailable")


def test_tool_is_answered_with_words(odd_web, cast, provider):
    accept(provider)
    credentials.connect_calcom(cast.workspace, calcom.Account("cal", 7, "Europe/London"))
    lead_id = Api(odd_web.base_url, cast.key).submit().json()["leadId"]
    call = {"id": Call.objects.get(lead_id=lead_id).vapi_call_id}
    reporter = Reporter(odd_web.base_url, cast.workspace)
    for _ in bodies(provider):
        assert reporter.ask(call, "listSlots", {"daysAhead": 3})


def test_messages_of_any_shape_are_no_fault(web, cast):
    reporter = Reporter(web.base_url, cast.workspace)
    call = {"id": str(uuid.uuid4())}
    asked = tool_calls(call, item("listSlots", {}))
    for message in (status_update(call, "ended"), end_of_call_report(call), asked):
        for name in message:
            for body in ODD_BODIES[::4]:
                sent = json.dumps({"message": {**message, name: "@"}}).encode()
                answer = reporter.send(None, data=sent.replace(b'"@"', body or b"0"))
                assert answer.status_code in (200, 400), answer.text


@pytest.fixture
def two(settings, sandbox, provider):
    """Two workspaces: about the first one's calls, Vapi answers oddities."""
    settings.VAPI_BASE_URL = provider.base_url
    return make_cast(sandbox), make_cast(sandbox)


def answer_both(provider, odd, body, well):
    """Answer one workspace with a body, and the other with what `well` returns."""

    def answer(path, sent):
        is_odd = provider.key == f"Bearer {odd.vapi_key}"
        return 200, JSON, body if is_odd else json.dumps(well).encode()

    provider.answer = answer


def test_unclear_calls_of_everybody_else_are_settled(two, provider):
    odd, well = two
    for body in ODD_BODIES:
        abandon_call(odd.workspace, placed=False)
        call = abandon_call(well.workspace, placed=False)
        listed = {"id": str(uuid.uuid4()), "createdAt": call.created_at.isoformat()}
        ours = {**listed, "customer": {"externalId": str(call.pk)}}
        answer_both(provider, odd, body, [ours])

        reconcile.settle_dialing_calls()

        call.refresh_from_db()
        assert (call.status, call.vapi_call_id) == ("in_progress", ours["id"]), body[:50]


def test_calls_of_everybody_else_are_closed(two, provider):
    odd, well = two
    for body in ODD_BODIES:
        call = make_overdue(well)
        make_overdue(odd)
        ended = {"id": call.vapi_call_id, "status": "ended", "endedReason": "voicemail"}
        answer_both(provider, odd, body, ended)

        overdue.settle_open_calls()

        call.refresh_from_db()
        assert (call.status, call.ended_reason) == ("ended", "voicemail"), body[:50]


def make_overdue(cast) -> Call:
    """Make a call of which no message came for five minutes."""
    call = open_call(make_lead(cast.workspace))
    confirming.confirm(call, str(uuid.uuid4()))
    then = timezone.now() - timedelta(minutes=5)
    Call.objects.filter(pk=call.pk).update(dialed_at=then, lease_until=then)
    call.refresh_from_db()
    return call
