"""Lines: set or learnt, never exceeded, and who is called when one gets free."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.calls.settling import overdue
from leads.contact import daily_count
from leads.models import Call, HeldBecause, Lead
from leads.operators import calling
from tests.factories import make_lead, make_phone, make_user
from workspaces.connections import credentials
from workspaces.models import Workspace

NO_LINE = "call.start.error-subscription-concurrency-limit-reached"


def end(cast, reporter, number=0, reason="customer-busy"):
    """End the call that was placed that many calls ago."""
    call = cast.placed()[number]
    call.body["status"] = "ended"
    reporter.status(call, "ended", endedReason=reason)


def lead_of(response) -> Lead:
    return Lead.objects.get(pk=response.json()["leadId"])


def test_a_lead_over_the_lines_is_saved_and_called_when_one_gets_free(stage, let_in):
    cast, api, reporter = stage(lines=1)
    called, held = api.submit(), api.submit()
    step = lead_of(held).steps.get()

    assert (called.json()["callQueued"], held.json()["callQueued"]) == (True, False)
    assert (lead_of(held).held_because, step.held_because) == ("lines_full", "lines_full")
    assert (step.kind, step.state) == ("first", "planned")
    assert api.read(held.json()["leadId"]).json()["followUp"] == {
        "attemptsMade": 0,
        "attemptsPlanned": 1,
        "nextAttemptAt": None,
        "heldBecause": "lines_full",
    }
    assert let_in(cast) == 0

    end(cast, reporter)

    assert let_in(cast) == 1
    assert [call.body["customer"]["number"] for call in cast.placed()][0] == lead_of(held).phone
    assert lead_of(held).held_because == ""


def test_many_at_once_take_no_more_lines_than_there_are(stage):
    cast, api, _ = stage(lines=4, lines_kept_free=1)

    with ThreadPoolExecutor(12) as pool:
        answers = [task.result() for task in [pool.submit(api.submit) for _ in range(12)]]

    assert [answer.status_code for answer in answers] == [201] * 12, [a.text for a in answers]
    assert sum(answer.json()["callQueued"] for answer in answers) == 3
    assert len(cast.placed()) == 3
    assert cast.workspace.steps.planned().filter(held_because="lines_full").count() == 9


def test_the_newest_lead_goes_first(stage, let_in):
    cast, api, reporter = stage(lines=1)
    api.submit()
    waiting = [lead_of(api.submit()) for _ in range(3)]

    for lead in reversed(waiting):
        end(cast, reporter)
        assert let_in(cast) == 1
        assert cast.placed()[0].body["customer"]["number"] == lead.phone


def test_lines_are_learnt_from_vapi_and_shown_and_forgotten_with_the_account(
    stage, org, visit, let_in
):
    cast, api, reporter = stage()
    org(cast, lines=2)

    queued = [api.submit().json()["callQueued"] for _ in range(3)]
    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/settings/limits")

    assert queued == [True, True, False]
    assert "Learnt from Vapi: 2." in page.text
    account = credentials.vapi_account(cast.workspace.pk)
    credentials.connect_vapi(cast.workspace, replace(account, api_key="sandbox-another"))
    assert Workspace.objects.get(pk=cast.workspace.pk).learnt_lines is None


def test_lines_that_are_set_count_more_than_those_that_are_learnt(stage, org):
    cast, api, _ = stage(lines=1)
    org(cast, told=10)

    assert [api.submit().json()["callQueued"] for _ in range(2)] == [True, False]


def test_a_member_is_told_that_all_lines_are_taken(stage, let_in):
    cast, api, _ = stage(lines=1)
    api.submit()
    by = make_user(cast.workspace).memberships.get()

    with pytest.raises(calling.CannotCall, match="All lines of the Vapi account are taken"):
        calling.call_again(lead=make_lead(cast.workspace), by=by, request_id="test")


def test_what_vapi_refuses_at_a_submission_stays_a_502(stage, org):
    cast, api, _ = stage(lines=5)
    org(cast, lines=1, told=5)
    api.submit()

    refused = api.submit()

    assert (refused.status_code, refused.json()["error"]) == (502, "voice_dispatch_failed")
    assert "Over Concurrency Limit" in refused.json()["message"]


@pytest.mark.parametrize("when_full", ["refuse", "end"])
def test_a_planned_call_without_a_line_is_made_when_one_gets_free(stage, org, let_in, when_full):
    cast, api, reporter = stage()
    api.submit()
    org(cast, lines=1, told=50, when_full=when_full)
    waiting = make_lead(cast.workspace)
    waiting.steps.create(
        workspace=cast.workspace,
        kind="attempt",
        due_at=timezone.now(),
        held_because=HeldBecause.LINES_FULL,
    )

    assert let_in(cast) == 1  # nobody knows yet that there is no line
    if when_full == "end":
        end(cast, reporter, reason=NO_LINE)
    step = waiting.steps.planned().get()
    assert (step.held_because, step.kind) == ("lines_full", "attempt")
    assert let_in(cast) == 0
    end(cast, reporter, number=-1)

    assert let_in(cast) == 1
    assert cast.placed()[0].body["customer"]["number"] == waiting.phone
    assert waiting.calls.filter(status="in_progress").count() == 1
    assert waiting.steps.planned().count() == 0


def test_a_call_that_ends_for_want_of_a_line_is_made_again_without_a_plan(stage, let_in):
    cast, api, reporter = stage()
    lead = lead_of(api.submit())

    end(cast, reporter, reason=NO_LINE)

    step = lead.steps.get()
    assert (step.kind, step.held_because, step.state) == ("first", "lines_full", "planned")
    assert lead.calls.get().used_budget is False
    assert daily_count.calls_today(cast.workspace.pk) == 0
    lead.refresh_from_db()
    assert (lead.status, lead.unreached_at) == ("new", None)


def test_what_waits_for_a_line_has_no_bound(stage, let_in):
    cast, api, reporter = stage(follow_up_plan="1h")
    lead = lead_of(api.submit())

    for calls in range(1, 7):
        end(cast, reporter, reason=NO_LINE)
        step = lead.steps.planned().get()
        assert step.due_at > timezone.now() + timedelta(seconds=15)
        lead.steps.planned().update(due_at=timezone.now())
        Workspace.objects.filter(pk=cast.workspace.pk).update(lines_full_at=None)
        assert let_in(cast) == 1
        assert len(cast.placed()) == calls + 1


@pytest.mark.parametrize("asked_again_in", [timedelta(), timedelta(minutes=12)])
def test_a_call_whose_end_was_not_told_does_not_keep_its_line(stage, let_in, asked_again_in):
    cast, api, _ = stage(lines=1)
    api.submit()
    api.submit()
    cast.placed()[0].body.update(status="ended", endedReason="customer-busy")
    then = timezone.now() - timedelta(minutes=3)
    calls = Call.objects.filter(workspace=cast.workspace)
    calls.update(dialed_at=then, lease_until=timezone.now() + asked_again_in)

    overdue.settle_open_calls()
    soon = timezone.now() + timedelta(minutes=2)
    assert not calls.filter(status="in_progress", lease_until__gt=soon).exists()
    calls.update(lease_until=then)
    overdue.settle_open_calls()

    assert let_in(cast) == 1
    assert len(cast.placed()) == 2


def test_a_line_that_gets_free_makes_others_wait_no_longer_than_a_look(stage, let_in):
    cast, api, _ = stage(lines=1)
    for _ in range(3):
        api.submit()
    Workspace.objects.filter(pk=cast.workspace.pk).update(lines=2)

    assert let_in(cast) == 1
    assert let_in(cast) == 0


def test_a_submission_waits_for_no_line_that_only_vapi_missed(stage, org):
    cast, api, _ = stage()
    org(cast, lines=1, told=50)
    api.submit()
    assert api.submit().status_code == 502
    org(cast)

    assert api.submit(phone=make_phone()).json()["callQueued"]
