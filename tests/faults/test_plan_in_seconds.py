"""Plans of seconds, made by real workers: as many calls as the plan says, and in time."""

from datetime import timedelta

import pytest

from coachbot.sandbox.listeners import Listener
from leads.models import StepState
from tests.client import Api
from tests.factories import make_cast, make_phone
from tests.faults.conftest import QUICK
from tests.servers import wait_until
from tests.workers import Worker
from workspaces.connections import own_secrets

pytestmark = pytest.mark.on_sqlite_too

LEADS = 5
IN_TIME = timedelta(seconds=5)
# Nobody ever picks up; and attempts that end in other ways in turn.
NO_ANSWER, IN_TURN = "13", "24"


@pytest.fixture
def worker(providers):
    running = Worker(**QUICK, **providers).start()
    yield running
    running.kill()


@pytest.mark.parametrize("ending", [NO_ANSWER, IN_TURN])
def test_a_plan_is_made_in_time_and_ends(ending, web, sandbox, worker):
    hours = {"later_call_hours": "always", "calls_a_day_per_lead": 20}
    cast = make_cast(sandbox, follow_up_plan="2s,3s,2s", **hours)
    url = f"{web.base_url}/api/vapi/{cast.workspace.slug}/events"
    sandbox.listen(cast.vapi_key, Listener(url, own_secrets.tool_secret(cast.workspace)))
    api, leads = Api(web.base_url, cast.key), cast.workspace.leads
    for _ in range(LEADS):
        assert api.submit(phone=make_phone(ending)).status_code == 201

    wait_until(lambda: not leads.filter(unreached_at=None).exists(), "every plan to end", 120)

    told = dict(leads.values_list("pk", "unreached_at"))
    made = cast.workspace.steps.filter(state=StepState.MADE).select_related("call")
    late = [step for step in made if step.call.created_at - step.due_at > IN_TIME]
    assert len(cast.placed()) == LEADS * 4
    assert (made.count(), late) == (LEADS * 3, [])
    assert not cast.workspace.steps.planned().exists()
    assert dict(leads.values_list("pk", "unreached_at")) == told
