"""Where Vapi has fewer lines than it says: no line rests, and hardly a call is tried in vain."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from coachbot.providers.vapi.events import CallNews, Ids
from leads.calls import due, events
from leads.contact.planned import claims, steps
from tests.factories import make_cast, make_lead

LINES, LEADS = 3, 12
NO_LINE = "call.start.error-subscription-concurrency-limit-reached"


def running(cast) -> list:
    return [call for call in cast.placed() if call.has_line and call.body["status"] != "ended"]


def end(cast, placed, reason):
    """Let a call end, and be told of it."""
    placed.body["status"] = "ended"
    call = cast.workspace.calls.get(vapi_call_id=placed.id)
    at = datetime.now(UTC)
    ids = Ids(placed.id, "")
    told = CallNews(ids, "status-update", "ended", hung_up_at=at, hung_up_reason=reason)
    events.apply_news(call, told)


def end_those_without_line(cast):
    for placed in cast.placed():
        if placed.ending == "ends-without-line" and placed.body["status"] != "ended":
            end(cast, placed, NO_LINE)


@pytest.mark.parametrize("when_full", ["refuse", "end"])
def test_each_end_lets_one_in_and_no_line_rests(sandbox, org, let_in, when_full):
    cast = make_cast(sandbox, later_call_hours="always")
    org(cast, lines=LINES, told=50, when_full=when_full)
    for _ in range(LEADS):
        steps.plan(make_lead(cast.workspace), "attempt", timezone.now())
    for step_id in claims.claim_due(500):
        due.make_step.call_local(step_id)
        end_those_without_line(cast)

    for _ in range(LEADS - LINES):
        assert len(running(cast)) == LINES
        assert let_in(cast) == 0
        end(cast, running(cast)[-1], "customer-busy")
        assert let_in(cast) == 1

    tried = cast.workspace.log.filter(code="vapi.create_call").count()
    assert tried == LEADS + 1  # the one by which it was found out
    assert not cast.workspace.steps.planned().exists()
