"""Calls that no message closes are asked for at Vapi: python manage.py settle_calls."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from leads.calls.settling import overdue
from leads.models import Call, Lead
from tests.vapi_messages import ENDED, STARTED, TRANSCRIPT, TURNS
from workspaces.models import Credential


@pytest.fixture(autouse=True)
def vapi_is_the_sandbox(settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url


def age(lead_id, **ago):
    """Let a call look as if it had been dialled that long ago."""
    then = timezone.now() - timedelta(**ago)
    Call.objects.filter(lead_id=lead_id).update(dialed_at=then, lease_until=then)


def end_at_vapi(placed, reason):
    placed.body.update(
        status="ended",
        endedReason=reason,
        startedAt=STARTED,
        endedAt=ENDED,
        artifact={"transcript": TRANSCRIPT, "messages": TURNS},
        analysis={"summary": "Short."},
    )


def call_of(lead_id):
    return Call.objects.select_related("lead").get(lead_id=lead_id)


def test_call_that_ended_unheard_is_closed_with_all_that_vapi_knows(cast, lead_id):
    end_at_vapi(cast.placed()[0], "assistant-ended-call")
    age(lead_id, minutes=5)

    overdue.settle_open_calls()

    call = call_of(lead_id)
    assert (call.status, call.ended_reason) == ("ended", "assistant-ended-call")
    assert (call.transcript, call.summary) == (TRANSCRIPT, "Short.")
    assert (call.duration_seconds, call.lead.status) == (42, "in_conversation")


def test_running_call_stays_open_and_is_known_to_be_picked_up(cast, lead_id):
    cast.placed()[0].body["status"] = "in-progress"
    age(lead_id, minutes=5)

    overdue.settle_open_calls()

    call = call_of(lead_id)
    assert (call.status, call.lead.status) == ("in_progress", "in_conversation")
    assert call.lease_until > timezone.now()


def test_young_call_is_not_asked_for(cast, lead_id):
    end_at_vapi(cast.placed()[0], "customer-busy")
    age(lead_id, seconds=60)

    overdue.settle_open_calls()

    assert call_of(lead_id).status == "in_progress"


def test_call_that_stays_queued_for_an_hour_is_shown_as_never_rang(cast, lead_id):
    age(lead_id, minutes=50)
    overdue.settle_open_calls()
    assert call_of(lead_id).status == "in_progress"
    age(lead_id, minutes=61)

    overdue.settle_open_calls()

    call = call_of(lead_id)
    assert (call.status, call.ended_reason) == ("ended", "coachbot.never-rang")
    assert call.lead.status == "new"


def test_call_that_vapi_does_not_know_waits_an_hour(cast, lead_id):
    Call.objects.filter(lead_id=lead_id).update(vapi_call_id=f"gone-{lead_id}")
    age(lead_id, minutes=30)
    overdue.settle_open_calls()
    assert call_of(lead_id).status == "in_progress"
    age(lead_id, minutes=61)

    overdue.settle_open_calls()

    assert call_of(lead_id).ended_reason == "coachbot.never-rang"


def test_call_that_was_picked_up_and_is_gone_at_vapi_did_ring(cast, reporter, lead_id):
    reporter.status(cast.placed()[0], "in-progress")
    Call.objects.filter(lead_id=lead_id).update(vapi_call_id=f"gone-{lead_id}")
    age(lead_id, minutes=61)

    overdue.settle_open_calls()

    call = call_of(lead_id)
    assert (call.ended_reason, call.lead.status) == ("coachbot.no-word", "in_conversation")


def test_call_that_nobody_can_ask_for_goes_to_a_human_at_last(cast, lead_id):
    Credential.objects.filter(workspace=cast.workspace, kind="vapi").delete()
    age(lead_id, hours=13)
    overdue.settle_open_calls()
    assert call_of(lead_id).status == "in_progress"
    age(lead_id, hours=15)

    overdue.settle_open_calls()

    call = call_of(lead_id)
    assert (call.status, call.ended_reason) == ("ended", "coachbot.no-word")
    assert call.lead.status == "needs_human"


def test_vapis_own_word_replaces_our_judgement(cast, reporter, lead_id):
    age(lead_id, hours=2)
    overdue.settle_open_calls()

    reporter.report(cast.placed()[0])

    call = call_of(lead_id)
    assert (call.ended_reason, call.lead.status) == ("customer-ended-call", "in_conversation")


def test_several_machines_ask_once(cast, lead_id):
    end_at_vapi(cast.placed()[0], "customer-busy")
    age(lead_id, minutes=5)

    def settle(_):
        try:
            return overdue.settle_open_calls()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as machines:
        list(machines.map(settle, range(4)))

    assert Lead.objects.get(pk=lead_id).status == "new"
    assert cast.workspace.log.filter(action="Vapi GET /call/{id}").count() == 1
