"""A message may come before Vapi's answer to our request, and then confirms the call."""

import json
from concurrent.futures import ThreadPoolExecutor

from leads.models import Call, Lead
from tests.factories import make_lead, make_phone, open_call
from tests.servers import wait_until
from tests.vapi_messages import end_of_call_report, status_update

ANSWER_TAKES_3_S = "71"
GHOST = "01a0c2f4-11d0-7c31-8a55-2f0d3c9b7e10"


def dialing_call(cast):
    """Make a call whose dialling process died before Vapi's answer came."""
    lead = make_lead(cast.workspace, accepted_at=None)
    return open_call(lead, request_id="test")


def test_event_confirms_a_call_whose_answer_is_still_under_way(api, cast, reporter):
    phone = make_phone(ANSWER_TAKES_3_S)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(api.submit, phone=phone)
        wait_until(cast.placed, "the call at Vapi")
        placed = cast.placed()[0]

        reporter.status(placed, "in-progress")
        twin = api.submit(phone=phone)

        assert not first.done()
    lead = Lead.objects.get(workspace=cast.workspace)
    assert twin.status_code == 409
    assert (first.result().status_code, lead.status) == (201, "in_conversation")
    assert first.result().json()["vapiCallId"] == placed.id


def test_report_closes_a_call_that_was_never_confirmed(api, cast, reporter):
    call = dialing_call(cast)
    ids = {"id": GHOST, "assistantOverrides": {"metadata": {"attemptId": str(call.pk)}}}

    reporter.report(ids)

    body = api.read(call.lead_id).json()
    assert (body["lead"]["status"], body["voiceCall"]["status"]) == ("in_conversation", "ended")
    assert Lead.objects.get(pk=call.lead_id).accepted_at


def test_our_id_is_found_in_every_place_that_vapi_repeats_it(cast, reporter):
    for message in (
        {"call": {"assistantOverrides": {"metadata": {"attemptId": "ID"}}}},
        {"assistant": {"metadata": {"attemptId": "ID"}}},
        {"customer": {"externalId": "ID"}},
        {"call": {"customer": {"externalId": "ID"}}},
    ):
        call = dialing_call(cast)
        ours = json.loads(json.dumps(message).replace("ID", str(call.pk)))
        vapi_call = {**ours.get("call", {}), "id": f"vapi-{call.pk}"[:64]}

        reporter.send({**status_update({}, "in-progress"), **ours, "call": vapi_call})

        call.refresh_from_db()
        assert (call.status, call.vapi_call_id) == ("in_progress", f"vapi-{call.pk}"[:64]), message


def test_event_with_anothers_call_id_takes_nothing_over(cast, reporter, lead_id):
    call = dialing_call(cast)
    message = end_of_call_report({"id": cast.placed()[0].id})

    reporter.send({**message, "customer": {"externalId": str(call.pk)}})

    call.refresh_from_db()
    assert call.status == "dialing"
    assert Call.objects.get(lead_id=lead_id).status == "ended"


def test_event_of_a_second_vapi_call_for_the_same_attempt_is_refused(cast, reporter, lead_id):
    call = Call.objects.get(lead_id=lead_id)
    message = end_of_call_report({"id": GHOST})

    reporter.send({**message, "customer": {"externalId": str(call.pk)}})

    call.refresh_from_db()
    assert call.status == "in_progress"
