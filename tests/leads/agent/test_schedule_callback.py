"""scheduleCallback: the lead wants to be called at another time."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads import status
from leads.contact.do_not_call import opt_outs
from leads.models import ClosedAs, Lead, StatusReason, Step, StepKind, Way
from leads.operators import calling, closing, handing
from tests.client import Api
from tests.factories import make_cast, make_user
from tests.vapi_messages import Reporter
from workspaces.models import LogEntry, Outcome

ZONE = ZoneInfo("Asia/Tokyo")
ANY_HOUR = {"later_call_hours": "always", "calls_a_day_per_lead": 20}
READ_BACK = re.compile(r"I will call you on (\w+day \d+ \w+(?: \d{4})? at \d\d:\d\d) your time\.")


class Talk:
    """A lead that is on the phone with the agent."""

    def __init__(self, web, sandbox, **fields):
        self.cast = make_cast(sandbox, **{**ANY_HOUR, **fields})
        self.api = Api(web.base_url, self.cast.key)
        self.reporter = Reporter(web.base_url, self.cast.workspace)
        answer = self.api.submit(timezone=ZONE.key)
        self.lead = Lead.objects.get(pk=answer.json()["leadId"])

    def ask(self, when, **arguments) -> str:
        call = self.cast.placed()[0]
        return self.reporter.ask(call, "scheduleCallback", {"when": when, **arguments})

    def end(self, reason="customer-ended-call", **fields):
        self.reporter.report(self.cast.placed()[0], reason, **fields)

    @property
    def step(self) -> Step | None:
        return self.lead.steps.planned().first()

    def follow_up(self) -> dict:
        return self.api.read(str(self.lead.pk)).json()["followUp"]


@pytest.fixture
def talk(web, sandbox):
    return Talk(web, sandbox)


def local_tomorrow(hour: int) -> datetime:
    day = timezone.now().astimezone(ZONE) + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def said(moment: datetime) -> str:
    year = f" {moment.year}" if moment.year != timezone.now().astimezone(ZONE).year else ""
    return f"{moment:%A} {moment.day} {moment:%B}{year} at {moment:%H:%M}"


def test_the_time_is_worked_out_in_the_leads_zone_and_read_back(talk):
    answer = talk.ask("tomorrow at five", notes="About the price.")

    five = local_tomorrow(17)
    assert answer == f"I will call you on {said(five)} your time."
    assert (talk.step.kind, talk.step.due_at) == (StepKind.CALLBACK, five)
    assert talk.step.notes == "About the price."


def test_what_stands_in_the_api_is_a_lead_that_is_called_back(talk):
    talk.ask("tomorrow at five")
    talk.end()

    told = talk.follow_up()
    assert told["heldBecause"] == "callback_requested"
    assert datetime.fromisoformat(told["nextAttemptAt"]) == local_tomorrow(17)


@pytest.mark.parametrize("when", ["", "soon", "five or six", None])
def test_what_cannot_be_read_is_asked_again(talk, when):
    answer = talk.ask(when)

    assert answer.startswith("No time was understood, so no call is planned.")
    assert "For the lead it is" in answer
    assert talk.step is None
    row = LogEntry.objects.get(workspace=talk.cast.workspace, code="tool.scheduleCallback")
    assert row.outcome == Outcome.REFUSED


def test_a_time_that_is_over_gets_the_next_possible_one_offered(talk):
    answer = talk.ask("2024-11-27T17:00")

    [exact] = re.findall(r"scheduleCallback with (\S+)\.", answer)
    offered = datetime.fromisoformat(exact)
    assert answer.startswith("That time is over. No call is planned yet.")
    assert offered.astimezone(ZONE).hour == 17
    assert timezone.now() < offered < timezone.now() + timedelta(days=1)
    assert talk.step is None
    assert READ_BACK.fullmatch(talk.ask(exact))


def test_outside_of_the_hours_their_next_opening_is_offered(web, sandbox):
    talk = Talk(web, sandbox, later_call_hours="mon-sun 09:00-12:00")

    answer = talk.ask("tomorrow at five")

    morning = local_tomorrow(9) + timedelta(days=1)
    assert f"The next possible time is {said(morning)} your time." in answer
    assert f"call scheduleCallback with {morning.isoformat()}." in answer
    assert talk.step is None


def test_a_lead_that_was_called_often_enough_today_is_offered_tomorrow(web, sandbox):
    talk = Talk(web, sandbox, calls_a_day_per_lead=1)

    answer = talk.ask("in two minutes")

    tomorrow = local_tomorrow(0)
    # The day may end while the test runs.
    assert said(tomorrow) in answer or said(tomorrow - timedelta(days=1)) in answer
    assert talk.step is None


def test_too_far_ahead_is_refused(talk):
    assert talk.ask("2999-01-01T10:00").startswith("That is more than 90 days ahead.")


def test_a_repeated_delivery_gets_the_first_answer_and_plans_once(talk):
    call = talk.cast.placed()[0]
    wish = {"when": "in two hours"}

    answers = {talk.reporter.ask(call, "scheduleCallback", wish, id="call_1") for _ in range(3)}

    assert len(answers) == 1
    assert talk.lead.steps.count() == 1


def test_another_time_takes_the_place_of_the_first(talk):
    talk.ask("tomorrow at five")
    talk.ask("tomorrow at six")

    assert talk.step.due_at == local_tomorrow(18)
    assert talk.lead.steps.planned().count() == 1


def test_where_the_zone_is_not_known_the_answer_names_the_one_it_goes_by(web, sandbox):
    talk = Talk(web, sandbox, time_zone="Europe/Berlin")
    Lead.objects.filter(pk=talk.lead.pk).update(timezone="Mars/Base", phone="+18005550199")

    assert talk.ask("tomorrow at five").endswith("at 17:00 (Europe/Berlin).")


def cancel_by_booking(lead, member):
    status.move(lead.pk, StatusReason.APPOINTMENT_MADE)


def cancel_by_disqualifying(lead, member):
    status.move(lead.pk, StatusReason.DOES_NOT_QUALIFY)


def cancel_by_opting_out(lead, member):
    opt_outs.add(lead.workspace, [lead.phone], way=Way.ASSISTANT)


def cancel_by_taking_over(lead, member):
    handing.take_over(lead=lead, by=member)


def cancel_by_closing(lead, member):
    closing.close(lead=lead, closed_as=ClosedAs.LOST, by=member)


@pytest.mark.parametrize(
    "cancel",
    [
        cancel_by_booking,
        cancel_by_disqualifying,
        cancel_by_opting_out,
        cancel_by_taking_over,
        cancel_by_closing,
    ],
)
def test_what_cancels_it(talk, cancel):
    talk.ask("tomorrow at five")
    talk.end()

    cancel(talk.lead, make_user(talk.cast.workspace).memberships.get())

    assert talk.step is None


def test_a_lead_with_an_appointment_is_not_called_back(talk):
    status.move(talk.lead.pk, StatusReason.APPOINTMENT_MADE)

    answer = talk.ask("tomorrow at five")

    assert answer.startswith("The lead has an appointment already. So no call is planned.")
    assert talk.step is None


def make_due(talk):
    talk.lead.steps.planned().update(due_at=timezone.now() - timedelta(seconds=1))


def test_it_is_made_with_the_summary_and_the_notes(talk, work):
    talk.ask("tomorrow at five", notes="About the price.")
    talk.end()

    make_due(talk)
    work()

    again, first = talk.cast.placed()
    told = again.body["assistantOverrides"]["variableValues"]
    assert (told["lastCallSummary"], told["callbackNotes"]) == (
        "Jane confirmed.",
        "About the price.",
    )
    told = first.body["assistantOverrides"]["variableValues"]
    assert (told["lastCallSummary"], told["callbackNotes"]) == ("", "")


def test_a_call_back_that_is_not_answered_is_tried_again_as_the_plan_says(web, sandbox, work):
    talk = Talk(web, sandbox, follow_up_plan="1h,1h")
    talk.ask("tomorrow at five", notes="About the price.")
    talk.end()
    make_due(talk)
    work()

    again = talk.cast.placed()[0]
    talk.reporter.status(again, "ended", endedReason="customer-did-not-answer")

    assert (talk.step.kind, talk.step.notes) == (StepKind.CALLBACK, "About the price.")
    # ... and a later word of it, that somebody talked after all, ends it.
    talk.end("customer-ended-call")
    assert talk.step is None


def test_a_talk_by_hand_before_its_time_settles_it(talk, providers, settings):
    settings.VAPI_BASE_URL = providers["VAPI_BASE_URL"]
    talk.ask("tomorrow at five")
    talk.end()
    user = make_user(talk.cast.workspace)

    calling.call_again(lead=talk.lead, by=user.memberships.get(), request_id="test")
    talk.end()

    assert talk.step is None
