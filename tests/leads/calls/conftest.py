"""A workspace whose account at the sandbox has lines and faults, and who tries those that wait."""

import pytest

from coachbot.sandbox.vapi.orgs import Org, WhenFull
from leads.calls import due, waiting
from tests.client import Api
from tests.factories import make_cast
from tests.vapi_messages import Reporter


@pytest.fixture
def org(sandbox):
    """Return a function that sets the org of a cast at Vapi."""

    def change(cast, **fields):
        if "when_full" in fields:
            fields["when_full"] = WhenFull(fields["when_full"])
        sandbox.providers["vapi"].store.set_org(cast.vapi_key, Org(**fields))

    return change


@pytest.fixture
def let_in(settings, providers):
    """Return a function that does a worker's part for those who wait; it says how many it tried."""
    for name, value in providers.items():
        setattr(settings, name, value)

    def try_waiting(cast) -> int:
        cast.workspace.refresh_from_db()
        claimed = waiting.claim(cast.workspace)
        for step_id in claimed:
            due.make_step.call_local(step_id, True)
        return len(claimed)

    return try_waiting


@pytest.fixture
def stage(web, sandbox):
    """Return a function that makes a workspace; it returns cast, API and Vapi's side."""

    def make(**fields):
        hours = {"later_call_hours": "always", "calls_a_day_per_lead": 20}
        cast = make_cast(sandbox, **{**hours, **fields})
        return cast, Api(web.base_url, cast.key), Reporter(web.base_url, cast.workspace)

    return make
