"""What follows a call that is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import status
from leads.models import HeldBecause, Lead, StatusReason, Step
from tests.client import Api
from tests.servers import wait_until

NO_ANSWER = "customer-did-not-answer"
NEVER_RANG = "call.start.error-vapifault-get-org"
NO_BALANCE = "call.start.error-subscription-insufficient-credits"


@pytest.fixture
def submitted(web, planned):
    """Return a function that takes a lead in and calls it; it returns cast, reporter and lead."""

    def make(**fields):
        cast, reporter = planned(**fields)
        lead_id = Api(web.base_url, cast.key).submit().json()["leadId"]
        return cast, reporter, Lead.objects.get(pk=lead_id)

    return make


def end_latest(cast, reporter, reason=NO_ANSWER):
    latest = cast.workspace.calls.latest("created_at")
    reporter.status({"id": latest.vapi_call_id}, "ended", endedReason=reason)


def work_until_called(work, cast, calls):
    """Let the worker make what is due until there are so many calls."""
    wait_until(lambda: work() is not None and len(cast.placed()) >= calls, f"call {calls}")


def make_due(lead):
    """Let what is planned be due. A moment ago: the clock of SQLite counts milliseconds only."""
    lead.steps.planned().update(due_at=timezone.now() - timedelta(seconds=1))


def step_of(lead) -> Step | None:
    return lead.steps.planned().first()


def test_a_lead_is_called_as_often_as_the_plan_says_and_then_is_unreached(submitted, work):
    cast, reporter, lead = submitted(plan="1s,1s")

    for calls in (1, 2, 3):
        work_until_called(work, cast, calls)
        end_latest(cast, reporter)

    lead.refresh_from_db()
    assert work() == 0
    assert len(cast.placed()) == 3
    assert lead.unreached_at is not None
    assert step_of(lead) is None


def test_without_a_plan_nobody_is_called_again(submitted, work):
    cast, reporter, lead = submitted(plan="")

    end_latest(cast, reporter)

    assert step_of(lead) is None
    assert work() == 0


@pytest.mark.parametrize(
    "reason, is_followed",
    [
        (NO_ANSWER, True),
        ("voicemail", True),
        ("customer-busy", True),
        ("silence-timed-out", True),
        ("a-reason-of-next-year", True),
        ("assistant-forwarded-call", False),
        ("manually-canceled", False),
        ("twilio-reported-customer-misdialed", False),
        ("call.forwarding.no-answer", False),
    ],
)
def test_how_a_call_ended_decides_what_follows(submitted, reason, is_followed):
    cast, reporter, lead = submitted(plan="1h")

    end_latest(cast, reporter, reason)

    assert (step_of(lead) is not None) is is_followed


def test_a_voicemail_can_count_as_reached(submitted):
    cast, reporter, lead = submitted(plan="1h", voicemail_counts_as_reached=True)

    end_latest(cast, reporter, "voicemail")

    assert step_of(lead) is None


def test_a_bad_number_ends_the_plan(submitted):
    cast, reporter, lead = submitted(plan="1h")

    end_latest(cast, reporter, "sip-outbound-unallocated-number")

    lead.refresh_from_db()
    assert lead.unreached_at is not None


def test_what_never_rang_uses_no_budget_and_has_a_bound_of_its_own(submitted, work):
    cast, reporter, lead = submitted(plan="1h")

    for calls in (1, 2, 3, 4):
        wait_until(lambda n=calls: len(cast.placed()) >= n, f"call {calls}")
        end_latest(cast, reporter, NEVER_RANG)
        make_due(lead)
        work()

    lead.refresh_from_db()
    assert len(cast.placed()) == 4
    assert not lead.calls.filter(used_budget=True).exists()
    assert lead.unreached_at is not None


def test_an_account_without_balance_holds_what_is_planned(submitted):
    cast, reporter, lead = submitted(plan="1h")

    end_latest(cast, reporter, NO_BALANCE)

    assert step_of(lead).held_because == HeldBecause.ACCOUNT_FAULT


def test_a_later_report_that_tells_of_a_talk_stops_the_plan(submitted):
    cast, reporter, lead = submitted(plan="1h")
    end_latest(cast, reporter)

    reporter.report(cast.placed()[-1], "customer-ended-call")

    assert step_of(lead) is None


STOPS = [
    StatusReason.APPOINTMENT_MADE,
    StatusReason.DOES_NOT_QUALIFY,
    StatusReason.REACHED,
]


@pytest.mark.parametrize("because", STOPS)
def test_a_lead_that_is_settled_is_not_called(submitted, work, because):
    cast, reporter, lead = submitted(plan="1s")
    end_latest(cast, reporter)

    status.move(lead.pk, because)
    make_due(lead)
    work()

    assert len(cast.placed()) == 1
    assert step_of(lead) is None


def test_a_lead_with_a_person_waits_for_that_person(submitted, work):
    cast, reporter, lead = submitted(plan="1s")
    end_latest(cast, reporter)

    status.move(lead.pk, StatusReason.TAKEN_OVER)
    make_due(lead)
    work()

    assert len(cast.placed()) == 1
    assert (step_of(lead).held_because, step_of(lead).due_at) == (HeldBecause.WITH_PERSON, None)


def test_a_worker_that_was_away_makes_one_attempt_of_those_that_are_overdue(submitted, work):
    cast, reporter, lead = submitted(plan="1m,1m,1m")
    end_latest(cast, reporter)
    lead.steps.planned().update(due_at=timezone.now() - timedelta(hours=3))

    work()
    work()

    assert len(cast.placed()) == 2


def test_a_call_that_vapi_refuses_gives_its_step_back(submitted, work):
    cast, reporter, lead = submitted(plan="1s")
    end_latest(cast, reporter)
    cast.workspace.credentials.filter(kind="vapi").delete()

    make_due(lead)
    work()

    step = step_of(lead)
    assert (step.held_because, step.due_at, step.tries) == (HeldBecause.NOT_CONNECTED, None, 1)
    assert lead.calls.count() == 1
