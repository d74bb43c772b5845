"""A workspace with a plan whose attempts come within a second."""

import pytest

from tests.factories import make_cast
from tests.vapi_messages import Reporter

ANY_HOUR = {"later_call_hours": "always", "calls_a_day_per_lead": 20}


@pytest.fixture
def planned(web, sandbox):
    """Return a function that makes a workspace with a plan and its reporter of Vapi's messages."""

    def make(plan="1s,1s", **fields):
        cast = make_cast(sandbox, **{"follow_up_plan": plan, **ANY_HOUR, **fields})
        return cast, Reporter(web.base_url, cast.workspace)

    return make
