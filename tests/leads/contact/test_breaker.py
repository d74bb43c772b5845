"""The breaker: what is planned is held while the account places no calls, and goes on by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.sandbox.vapi.orgs import FAULTS, Org
from leads.calls import waiting
from leads.contact.planned import steps
from leads.models import Step
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_lead, make_user
from workspaces.connections import credentials
from workspaces.models import Workspace

NO_CREDIT = "call.start.error-subscription-insufficient-credits"


@pytest.fixture
def faulty(planned, sandbox):
    """Return a function that makes a workspace whose account has a fault, with planned leads."""

    def make(fault, leads=6):
        cast, reporter = planned(plan="1h")
        change(sandbox, cast, fault)
        made = [make_lead(cast.workspace) for _ in range(leads)]
        for lead in made:
            steps.plan(lead, "attempt", timezone.now())
        return cast, reporter, made

    return make


def change(sandbox, cast, fault):
    sandbox.providers["vapi"].store.set_org(cast.vapi_key, Org(fault=fault))


def end_all(cast, reporter):
    """Let calls that Vapi took end as those of an account without credit do."""
    for call in cast.placed():
        if call.ending == "never-rang" and call.body["status"] != "ended":
            call.body["status"] = "ended"
            reporter.status(call, "ended", endedReason=NO_CREDIT)


def try_waiting(work, cast, reporter):
    """Do a worker's part for those who wait. Return how many were tried."""
    cast.workspace.refresh_from_db()
    claimed = waiting.claim(cast.workspace)
    for step_id in claimed:
        waiting.due.make_step.call_local(step_id, True)
    end_all(cast, reporter)
    return len(claimed)


def let_time_pass(cast):
    """Let the minute after the last probe be over, and the pause of everyone who waits."""
    now = timezone.now()
    Workspace.objects.filter(pk=cast.workspace.pk).update(account_probe_at=now)
    cast.workspace.steps.waiting().update(due_at=now)


def alerts(cast) -> list[str]:
    rows = cast.workspace.log.filter(kind="alert").order_by("pk")
    return list(rows.values_list("code", flat=True))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_holds_what_is_planned_is_told_once_and_passes(faulty, work, sandbox, fault):
    cast, reporter, leads = faulty(fault)

    work()
    end_all(cast, reporter)

    planned = Step.objects.planned().filter(workspace=cast.workspace)
    assert planned.filter(held_because="account_fault").count() == len(leads)
    assert alerts(cast) == ["account.held"]
    let_time_pass(cast)
    assert [try_waiting(work, cast, reporter) for _ in range(2)] == [1, 0]
    assert alerts(cast) == ["account.held"]

    change(sandbox, cast, "")
    let_time_pass(cast)
    assert try_waiting(work, cast, reporter) == 1  # the probe
    reporter.status(cast.placed()[0], "in-progress")
    let_time_pass(cast)
    assert try_waiting(work, cast, reporter) == len(leads) - 1
    assert alerts(cast) == ["account.held", "account.recovered"]
    assert not planned.exists()
    reached = [call.body["customer"]["number"] for call in cast.placed() if not call.ending]
    assert sorted(reached) == sorted(lead.phone for lead in leads)


def test_systems_are_told_that_it_is_held_and_that_it_goes_on(faulty, work, sandbox, listen):
    cast, reporter, _ = faulty("no_balance")
    told = listen(cast.workspace)

    work()
    change(sandbox, cast, "")
    let_time_pass(cast)
    try_waiting(work, cast, reporter)
    reporter.status(cast.placed()[0], "in-progress")

    troubles = [event["data"] for event in told() if event["type"] == "agent.trouble"]
    assert [told["trouble"]["code"] for told in troubles] == ["account.held", "account.recovered"]
    assert [told["trouble"]["isOver"] for told in troubles] == [False, True]
    assert {told["workspace"] for told in troubles} == {cast.workspace.slug}
    held, again = (told["trouble"]["message"] for told in troubles)
    assert "credit" in held and again is None


def test_two_faults_hold_nobody_else(faulty, work):
    cast, _, _ = faulty("no_balance", leads=2)

    work()

    cast.workspace.refresh_from_db()
    assert (cast.workspace.account_held_since, alerts(cast)) == (None, [])


def test_a_submission_is_always_tried_and_closes_it(faulty, work, web, sandbox):
    cast, _, _ = faulty("no_balance")
    work()
    api = Api(web.base_url, cast.key)

    assert api.submit().status_code == 502
    change(sandbox, cast, "")

    assert api.submit().json()["callQueued"]
    cast.workspace.refresh_from_db()
    assert cast.workspace.account_held_since is None


def test_another_account_closes_it(faulty, work):
    cast, _, _ = faulty("invalid_key")
    work()

    account = credentials.vapi_account(cast.workspace.pk)
    credentials.connect_vapi(cast.workspace, replace(account, api_key="sandbox-mended"))

    cast.workspace.refresh_from_db()
    assert (cast.workspace.account_held_since, cast.workspace.account_faults) == (None, 0)


def test_the_pages_say_what_is_held_and_why(faulty, work, visit):
    cast, _, leads = faulty("no_balance")
    work()
    visitor = visit(make_user(cast.workspace))

    overview = text_of(visitor.get(f"/admin/{cast.workspace.slug}/"))
    page = text_of(visitor.get(f"/admin/{cast.workspace.slug}/leads/{leads[0].pk}"))

    assert "Calls that are planned are held since" in overview
    assert "The Vapi account has no credit. Add credit in Vapi" in overview
    assert "6 leads wait." in overview
    assert "The Vapi account places no calls at the moment." in page
    assert "Stop further calls" in page


def test_a_lead_that_only_the_account_kept_from_being_called_is_never_given_up(
    faulty, work, sandbox
):
    cast, reporter, [lead] = faulty("never_rings", leads=1)
    work()
    end_all(cast, reporter)

    for _ in range(6):
        let_time_pass(cast)
        try_waiting(work, cast, reporter)

    lead.refresh_from_db()
    step = lead.steps.planned().get()
    assert (lead.unreached_at, step.held_because) == (None, "account_fault")
    assert step.due_at > timezone.now() + timedelta(minutes=20)
    assert lead.calls.count() == 7
