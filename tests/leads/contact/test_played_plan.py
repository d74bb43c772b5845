"""Plans as the sandbox plays them: numbers whose attempts end otherwise, and a hurried clock."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from coachbot.sandbox.listeners import Listener
from leads.models import Lead, StepKind
from tests.client import Api
from tests.factories import make_phone
from tests.servers import wait_until
from workspaces.connections import own_secrets


@pytest.fixture
def played(web, sandbox, planned):
    """Return a function that submits a lead whose calls the sandbox plays; it returns both."""

    def submit(ending, **fields):
        cast, _ = planned(**fields)
        url = f"{web.base_url}/api/vapi/{cast.workspace.slug}/events"
        sandbox.listen(cast.vapi_key, Listener(url, own_secrets.tool_secret(cast.workspace)))
        answer = Api(web.base_url, cast.key).submit(phone=make_phone(ending))
        return cast, Lead.objects.get(pk=answer.json()["leadId"])

    return submit


@pytest.fixture
def hurried(settings, work):
    """Return a function that hurries a workspace's clock until it has so many calls."""
    settings.DEBUG = True

    def until(cast, calls):
        def is_called():
            call_command("hurry", cast.workspace.slug, stdout=StringIO())
            work()
            return len(cast.placed()) >= calls

        wait_until(is_called, f"call {calls}")

    return until


def test_attempts_that_end_in_every_way_are_as_many_as_the_plan_says(played, hurried, work):
    cast, lead = played("24", plan="standard")

    hurried(cast, 6)

    wait_until(lambda: Lead.objects.get(pk=lead.pk).unreached_at, "the plan to be over")
    assert work() == 0
    assert len(cast.placed()) == 6
    told = lead.calls.order_by("created_at").values_list("ended_reason", flat=True)
    reasons = ["customer-did-not-answer", "voicemail", "customer-busy"]
    assert list(told) == reasons * 2


def test_the_lead_is_reached_by_the_fourth_attempt_and_called_no_more(played, hurried, work):
    cast, lead = played("23", plan="standard")

    hurried(cast, 4)

    wait_until(
        lambda: lead.calls.filter(summary__gt="").count() == 1, "the report of the fourth call"
    )
    assert not lead.steps.planned().exists()
    assert work() == 0


def test_the_lead_asks_to_be_called_back_and_is(played, hurried):
    cast, lead = played("25", plan="")
    wait_until(lambda: lead.steps.planned().exists(), "the call-back to be planned")
    wait_until(lambda: lead.calls.filter(summary__gt="").exists(), "the report of the first call")
    assert lead.steps.planned().get().kind == StepKind.CALLBACK

    hurried(cast, 2)

    told = cast.placed()[0].body["assistantOverrides"]["variableValues"]
    assert told["callbackNotes"] == "Was in a meeting."
    assert told["lastCallSummary"] == "Was in a meeting, and asked to be called back."


def test_a_clock_is_hurried_only_where_nobody_real_is_called(cast, settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="Only with DEBUG=1"):
        call_command("hurry", cast.workspace.slug)
