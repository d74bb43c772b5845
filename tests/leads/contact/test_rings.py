"""A lead rings back while its next attempt is planned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.models import Step, StepKind
from tests.factories import make_lead


@pytest.fixture
def lead(cast):
    return make_lead(cast.workspace)


def plan_attempt(lead, **fields) -> Step:
    due_at = fields.pop("due_at", timezone.now() + timedelta(hours=1))
    return Step.objects.create(
        workspace=lead.workspace, lead=lead, kind=StepKind.ATTEMPT, due_at=due_at, **fields
    )


def test_attempt_that_is_due_waits_for_the_call_to_be_over(bell, lead, work):
    call, _ = bell.ring(lead.phone)
    step = plan_attempt(lead, due_at=timezone.now() - timedelta(seconds=1))

    assert work() == 1

    step.refresh_from_db()
    assert step.state == "planned"
    assert step.due_at > timezone.now()
    assert not lead.calls.outbound().exists()


def test_attempt_waits_while_it_is_open_whether_the_lead_talks(bell, lead, work):
    step = plan_attempt(lead, due_at=timezone.now() - timedelta(seconds=1))
    call, _ = bell.ring(lead.phone)
    bell.reporter.status(call, "in-progress")

    work()
    step.refresh_from_db()
    assert step.state == "planned"

    bell.reporter.report(call, "assistant-request-failed", artifact={})
    step.refresh_from_db()
    lead.refresh_from_db()
    assert (step.state, lead.status) == ("planned", "new")


def test_talk_ends_the_plan(bell, lead):
    step = plan_attempt(lead)
    call, _ = bell.ring(lead.phone)

    bell.reporter.report(call)

    step.refresh_from_db()
    assert step.state == "dropped"
    assert lead.calls.get().used_budget is None


def test_call_back_that_was_asked_for_in_the_call_stays(bell, lead):
    call, _ = bell.ring(lead.phone)
    step = plan_attempt(lead, due_at=timezone.now() + timedelta(hours=5))
    Step.objects.filter(pk=step.pk).update(kind=StepKind.CALLBACK)

    bell.reporter.report(call)

    step.refresh_from_db()
    assert step.state == "planned"


def test_call_that_came_to_nothing_leaves_the_plan_as_it_was(bell, lead):
    step = plan_attempt(lead)
    call, _ = bell.ring(lead.phone)

    bell.reporter.status(call, "ended", endedReason="assistant-request-failed")

    step.refresh_from_db()
    assert (step.state, lead.calls.get().used_budget) == ("planned", None)
