"""A worker of two ends by `kill -9` while it makes calls that are planned, and members call leads
by hand meanwhile: no call is lost, none is made twice, and never two to a lead at once.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.contact.planned import steps
from leads.models import CallStatus, Step, StepKind, StepState
from tests.factories import make_lead, make_user
from tests.faults.kills import KILLS, one_of_two
from tests.servers import wait_until
from tests.vapi_messages import Reporter

pytestmark = pytest.mark.on_sqlite_too

MOST_LEADS = 40 * KILLS  # of a point; the worker that is not killed makes the calls of most
FED_AT_ONCE = 3

STEPS = [
    "leads.contact.planned.claims:claim_due:after",  # claimed, nobody woken
    "leads.calls.due:_call:before",
    "leads.contact.planned.steps:make:before",
    "leads.contact.planned.steps:make:after",  # marked as made, not committed
    "leads.calls.placing.opening:_write_counted:after",
    "leads.calls.placing.opening:open_step:after",  # committed, nothing sent
    "leads.calls.placing.dialing:_ask_vapi:after",  # sent, no word of it written
    "leads.calls.placing.confirming:_write_confirmation:before",
    "leads.calls.placing.confirming:_write_confirmation:after",
]


class Office:
    """Leads whose step is due, and a member who calls some of them by hand."""

    def __init__(self, cast, visitor, reporter):
        self.cast, self.visitor, self.reporter, self.leads = cast, visitor, reporter, []

    def feed(self) -> None:
        """Have something due, unless enough is; call one of those by hand."""
        # Where a call by hand goes on, the step waits for its end, and is nothing to be killed at.
        due = self.cast.workspace.steps.planned().filter(lead__calls=None)
        if due.exists() or len(self.leads) >= MOST_LEADS:
            return
        fresh = [make_lead(self.cast.workspace) for _ in range(FED_AT_ONCE)]
        for lead in fresh:
            steps.plan(lead, StepKind.ATTEMPT, timezone.now() - timedelta(seconds=1))
        self.leads += fresh
        page = f"/admin/{self.cast.workspace.slug}/leads/{fresh[0].pk}"
        self.visitor.post(f"{page}/call-again")

    def is_all_made(self) -> bool:
        """Hurry what is planned again, and tell whether nothing is planned or in the air."""
        planned = self.cast.workspace.steps.planned()
        for step in planned.select_related("lead"):  # it waits where a call by hand goes on
            for call in step.lead.calls.filter(status=CallStatus.IN_PROGRESS):
                told = {"id": call.vapi_call_id}
                self.reporter.status(told, "ended", endedReason="customer-did-not-answer")
        planned.filter(due_at__gt=timezone.now()).update(due_at=timezone.now())
        return not self.cast.workspace.calls.dialing().exists() and not planned.exists()


@pytest.fixture
def office(cast, web, visit):
    cast.workspace.later_call_hours = "always"
    cast.workspace.daily_call_limit = 10_000
    cast.workspace.save()
    return Office(cast, visit(make_user(cast.workspace)), Reporter(web.base_url, cast.workspace))


@pytest.fixture
def kill_at(tmp_path, providers, office):
    """Return a function that lets one of two workers be killed at a step, again and again.

    Where SQLite holds the queue there is one worker.
    """
    with one_of_two(tmp_path, meanwhile=office.feed, **providers) as kill:
        yield kill


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, kill_at, office):
    kill_at(step)

    wait_until(office.is_all_made, "every step to be made", 180)
    calls = {str(call.pk): call for call in office.cast.workspace.calls.all()}
    placed = Counter(call.body["customer"]["externalId"] for call in office.cast.placed())
    assert placed == dict.fromkeys(calls, 1)
    assert {call.lead_id for call in calls.values()} == {lead.pk for lead in office.leads}
    assert_each_lead_was_called_once_and_by_hand_again(office, list(calls.values()))


def assert_each_lead_was_called_once_and_by_hand_again(office, calls) -> None:
    """Assert that a lead has one call, and another only where one of both was made by hand."""
    made = Step.objects.filter(workspace=office.cast.workspace, state=StepState.MADE)
    of_steps = Counter(made.values_list("lead", flat=True))
    for lead in office.leads:
        of_lead = [call for call in calls if call.lead_id == lead.pk]
        by_hand = [call for call in of_lead if not call.request_id.startswith("step-")]
        assert len(of_lead) - len(by_hand) == of_steps[lead.pk] <= 1
        assert len(by_hand) <= 1
        assert sum(call.status != CallStatus.ENDED for call in of_lead) <= 1
