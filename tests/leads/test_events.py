"""What happens to a lead is told: each thing once, in order, with what GET answers of it."""

import json

import pytest

from leads import status
from leads.calls import ends
from leads.contact.do_not_call import opt_outs
from leads.models import Call, Lead, StatusReason, Way
from tests.factories import make_phone, make_user
from tests.vapi_messages import Reporter
from workspaces.models import WebhookDelivery, WebhookEvent


@pytest.fixture
def told(cast, listen):
    """What the cast's workspace was told so far, in order."""
    return listen(cast.workspace)


def types(events) -> list[str]:
    return [event["type"] for event in events]


def submit(api, **fields) -> Lead:
    return Lead.objects.get(pk=api.submit(**fields).json()["leadId"])


def test_call_is_told_from_the_lead_to_its_end(api, cast, web, told):
    lead, reporter = submit(api, phone=make_phone("13")), Reporter(web.base_url, cast.workspace)
    call = cast.placed()[-1]
    reporter.status(call, "in-progress")
    reporter.status(call, "ended")
    assert types(told()) == ["lead.created", "call.started"]

    reporter.report(call)
    reporter.report(call)

    events = told()
    assert types(events) == ["lead.created", "call.started", "call.ended"]
    assert [event["data"]["sequence"] for event in events] == [1, 2, 3]
    read, data = api.read(str(lead.pk)).json(), events[-1]["data"]
    assert {name: data[name] for name in ("lead", "voiceCall", "followUp")} == {
        name: read[name] for name in ("lead", "voiceCall", "followUp")
    }
    assert data["workspace"] == cast.workspace.slug and data["voiceCall"]["transcript"]
    assert (data["attempt"], data["willRetry"], data["nextAttemptAt"]) == (1, False, None)
    assert data["attemptsLeft"] == 0 and "cost" in data


def test_attempts_are_told_until_nobody_was_reached(api, cast, web, told):
    cast.workspace.follow_up_plan = "4h"
    cast.workspace.save()
    submit(api)

    reporter = Reporter(web.base_url, cast.workspace)
    reporter.report(cast.placed()[-1], "customer-did-not-answer", artifact={})

    data = told()[-1]["data"]
    assert (data["attempt"], data["willRetry"], data["attemptsLeft"]) == (1, True, 1)
    assert data["nextAttemptAt"] == data["followUp"]["nextAttemptAt"] is not None
    assert data["voiceCall"]["endedReason"] == "customer-did-not-answer"


def test_number_that_no_call_can_reach_is_told(api, cast, web, told):
    cast.workspace.follow_up_plan = "4h"
    cast.workspace.save()
    submit(api)

    Reporter(web.base_url, cast.workspace).report(
        cast.placed()[-1], "twilio-reported-customer-misdialed"
    )

    assert types(told())[2:] == ["lead.unreached", "call.ended"]


def test_end_whose_report_does_not_come_is_told_a_minute_later(api, cast, web, told):
    lead, reporter = submit(api), Reporter(web.base_url, cast.workspace)
    reporter.status(cast.placed()[-1], "ended")
    ends.tell_due()
    assert types(told()) == ["lead.created", "call.started"]

    call = Call.objects.get(lead=lead)
    Call.objects.filter(pk=call.pk).update(tell_end_at=call.created_at)
    ends.tell_due()
    ends.tell_due()

    reporter.report(cast.placed()[-1])
    assert types(told()) == ["lead.created", "call.started", "call.ended"]


def test_lead_of_a_502_is_never_told(api, cast, told):
    assert api.submit(phone=make_phone("41")).status_code == 502

    assert told() == []


def test_lead_that_is_held_is_told_and_no_call(api, cast, told):
    cast.workspace.is_paused = True
    cast.workspace.save()

    submit(api)

    [event] = told()
    assert event["type"] == "lead.created"
    assert event["data"]["followUp"]["heldBecause"] == "paused"


def test_change_of_status_is_told_once(api, cast, told):
    lead = submit(api)
    for _ in range(2):
        status.move(lead.pk, StatusReason.DOES_NOT_QUALIFY, notes="Too far away")
    status.move(lead.pk, StatusReason.AGENT_ESCALATED)
    status.move(lead.pk, StatusReason.TAKEN_OVER)

    assert types(told())[2:] == ["lead.unqualified", "lead.needs_human"]
    assert told()[2]["data"]["lead"]["qualificationNotes"] == "Too far away"


def test_number_that_comes_on_the_list_is_told_once(api, cast, told):
    lead = submit(api)
    for _ in range(2):
        opt_outs.add(cast.workspace, [lead.phone], way=Way.UPLOAD)

    assert types(told()) == ["lead.created", "call.started", "lead.opted_out"]
    assert told()[-1]["data"]["followUp"]["heldBecause"] == "do_not_call"


def test_erasure_is_told_without_the_person_and_empties_what_was_told(api, cast, web, told):
    lead = submit(api)
    Reporter(web.base_url, cast.workspace).report(cast.placed()[-1])
    assert api.erase(lead.pk).status_code == 204

    rows = WebhookEvent.objects.filter(workspace=cast.workspace).order_by("sequence")
    assert [row.body for row in rows[:3]] == ["", "", ""]
    last = json.loads(rows[3].body)
    assert last["type"] == "lead.deleted"
    assert last["data"] == {
        "workspace": cast.workspace.slug,
        "sequence": 4,
        "lead": {"id": str(lead.pk)},
    }
    states = WebhookDelivery.objects.filter(event__in=rows).order_by("sequence")
    assert [row.state for row in states] == [*["dropped"] * 3, "pending"]


def test_member_who_takes_over_is_told(api, cast, told, visit):
    lead = submit(api)
    owner = visit(make_user(cast.workspace))

    owner.post(f"/admin/{cast.workspace.slug}/leads/{lead.pk}/take-over")
    owner.post(f"/admin/{cast.workspace.slug}/leads/{lead.pk}/hand-back")

    assert types(told()) == ["lead.created", "call.started", "lead.needs_human"]


def test_request_and_its_events_have_one_id(api, cast, told):
    answer = api.submit()

    ids = WebhookEvent.objects.filter(workspace=cast.workspace).values_list("request_id", flat=True)
    assert set(ids) == {answer.headers["X-Request-Id"]}
