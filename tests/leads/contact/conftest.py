"""A workspace with a plan whose attempts come within a second, and a worker to make them."""

import pytest

from leads.calls import due
from leads.contact import steps
from tests.factories import make_cast
from tests.vapi_messages import Reporter


@pytest.fixture
def work(settings, providers):
    """Return a function that does a worker's part: it makes what is due, and says how many."""
    for name, value in providers.items():
        setattr(settings, name, value)

    def make_due():
        found = steps.claim_due(100)
        for step_id in found:
            due.make_step.call_local(step_id)
        return len(found)

    return make_due


ANY_HOUR = {"later_call_hours": "always", "calls_a_day_per_lead": 20}


@pytest.fixture
def planned(web, sandbox):
    """Return a function that makes a workspace with a plan and its reporter of Vapi's messages."""

    def make(plan="1s,1s", **fields):
        cast = make_cast(sandbox, **{"follow_up_plan": plan, **ANY_HOUR, **fields})
        return cast, Reporter(web.base_url, cast.workspace)

    return make
