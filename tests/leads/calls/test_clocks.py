"""Machines whose clocks are wrong: what is decided by time goes by the database's."""

from datetime import timedelta

import pytest
from django.db import connection

from coachbot.db import clock
from leads.models import Call, IdempotentRequest, Lead
from tests.client import Api
from tests.command_line import manage
from tests.factories import make_lead, make_phone, open_call

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has the host's clock")
A_DAY = timedelta(days=1)
RUN_OUT = timedelta(seconds=1)


def clock_ahead(by: timedelta) -> dict[str, str]:
    """Return the environment of a machine whose clock is ahead by so much."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.skewed",
        "CLOCK_AHEAD_BY": str(by.total_seconds()),
    }


@pytest.fixture
def settle(sandbox):
    """Return a function that settles calls on a machine whose clock is off by so much."""

    def run(ahead_by: timedelta) -> str:
        result = manage("settle_calls", VAPI_BASE_URL=sandbox.base_url, **clock_ahead(ahead_by))
        assert result.returncode == 0, result.stderr
        return result.stdout + result.stderr

    return run


@pytest.mark.parametrize("ahead_by", [timedelta(seconds=29), A_DAY, -A_DAY])
def test_machine_with_a_wrong_clock_settles_nothing_and_says_so(cast, settle, ahead_by):
    call = open_call(make_lead(cast.workspace, accepted_at=None))
    Call.objects.filter(pk=call.pk).update(lease_until=clock.now() - RUN_OUT)

    said = settle(ahead_by)

    assert "The clock of this machine is" in said
    assert Lead.objects.filter(pk=call.lead_id).exists()
    assert Call.objects.get(pk=call.pk).status == "dialing"


def test_clock_that_is_off_by_a_second_is_good_enough(cast, settle):
    call = open_call(make_lead(cast.workspace, accepted_at=None))
    long_ago = clock.now() - timedelta(minutes=1)
    Call.objects.filter(pk=call.pk).update(lease_until=long_ago, conclusive_at=long_ago)

    settle(timedelta(seconds=1))

    assert not Lead.objects.filter(pk=call.lead_id).exists()


def test_lease_of_a_server_a_day_ahead_ends_as_any_other(start_web, cast):
    server = start_web(**clock_ahead(A_DAY), PUBLIC_API_RATE_LIMITS="1000/m", WEB_CONCURRENCY="1")
    api = Api(server.base_url, cast.key)
    placed = api.submit(phone=make_phone(ending="70"), headers={"Idempotency-Key": "one"})
    assert placed.status_code == 201, placed.text

    call = Call.objects.get(lead_id=placed.json()["leadId"])
    repeat = IdempotentRequest.objects.get(workspace=cast.workspace)
    soon = clock.now() + timedelta(minutes=1)

    for moment in (call.created_at, call.dialed_at, call.lease_until, call.conclusive_at):
        assert abs(moment - soon) < timedelta(minutes=2)
    for moment in (repeat.created_at, repeat.lease_until):
        assert abs(moment - soon) < timedelta(minutes=2)
    assert cast.workspace.daily_counts.get().day == clock.now().date()


def test_call_that_vapi_says_goes_on_is_never_given_up(cast, lead_id, sandbox, settle):
    cast.placed()[0].body["status"] = "in-progress"
    long_ago = clock.now() - A_DAY
    Call.objects.filter(lead_id=lead_id).update(dialed_at=long_ago, lease_until=long_ago)

    settle(timedelta(0))

    assert Call.objects.get(lead_id=lead_id).status == "in_progress"
