"""Attempts of the plan by template, where nobody answers: within hours, and each once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.contact.planned import claims
from leads.messages import following
from leads.models import Lead
from tests.factories import make_phone
from tests.written import make_written

SETTINGS = {"follow_up_plan": "1s,1s", "later_call_hours": "always", "calls_a_day_per_lead": 20}


@pytest.fixture
def followed(written_web, sandbox, settings, providers):
    """Return a function that makes a workspace with a plan, and a lead that was written to."""
    for name, value in providers.items():
        setattr(settings, name, value)
    settings.PUBLIC_BASE_URL = written_web.base_url

    def make(*, follow_up=True, digits="14", **fields):
        written = make_written(sandbox, written_web, follow_up=follow_up, **SETTINGS | fields)
        lead = written.submit(phone=make_phone(digits))
        written.send(lead)
        return written, lead

    return make


@pytest.fixture
def work():
    """Return a function that does a worker's part: it makes what is due, and says how many."""

    def make_due():
        found = claims.claim_due(100, channel="whatsapp")
        for step_id in found:
            following.make_step.call_local(step_id)
        return len(found)

    return make_due


def make_due(lead):
    lead.steps.planned().update(due_at=timezone.now() - timedelta(seconds=1), lease_until=None)


def figures(written, lead):
    return written.api.read(lead.pk).json()["followUp"]


def test_a_silent_lead_is_written_to_as_often_as_the_plan_says(followed, work):
    written, lead = followed()
    for attempts in (1, 2, 3):
        assert figures(written, lead)["attemptsMade"] == attempts
        make_due(lead)
        work()

    lead.refresh_from_db()
    sent = [one.content_sid for one in written.sent(lead)]
    account = written.account
    assert sent == [account.opener_content_sid, *[account.follow_up_content_sid] * 2]
    assert figures(written, lead) == {
        "attemptsMade": 3,
        "attemptsPlanned": 3,
        "nextAttemptAt": None,
        "heldBecause": None,
    }
    assert lead.unreached_at is not None and lead.status == "new"


def test_without_a_template_only_the_first_is_sent_and_the_plan_counts_one(followed, work):
    written, lead = followed(follow_up=False)

    make_due(lead)

    assert work() == 0 and len(written.sent(lead)) == 1
    assert figures(written, lead) is None


def test_a_lead_that_answers_is_not_followed(followed, work):
    written, lead = followed()

    written.write(lead, "Yes")
    make_due(lead)

    assert work() == 0 and len(written.sent(lead)) == 1


def test_outside_of_the_hours_it_waits(followed, work):
    written, lead = followed()
    written.workspace.later_call_hours = "mon-mon 00:00-00:01"
    written.workspace.save()
    make_due(lead)

    work()

    step = lead.steps.planned().get()
    assert (step.held_because, len(written.sent(lead))) == ("calling_hours", 1)
    assert figures(written, lead)["heldBecause"] == "calling_hours"


def test_attempts_of_a_day_are_counted(followed, work):
    written, lead = followed()
    written.workspace.calls_a_day_per_lead = 1
    written.workspace.save()
    make_due(lead)

    work()

    assert lead.steps.planned().get().held_because == "attempts_today"


def test_a_member_who_takes_the_lead_stops_it(followed, work):
    from tests.factories import make_user

    written, lead = followed()
    owner = make_user(written.workspace).memberships.get()
    Lead.objects.filter(pk=lead.pk).update(owner=owner)
    make_due(lead)

    work()

    assert lead.steps.planned().get().held_because == "with_person"
    assert len(written.sent(lead)) == 1


def test_an_opener_that_the_hours_held_is_sent_at_their_opening(followed, work):
    written, _ = followed(first_call_hours="mon-mon 00:00-00:01")
    lead = written.workspace.leads.get()
    assert lead.held_because == "calling_hours" and written.sent(lead) == []
    written.workspace.first_call_hours = "always"
    written.workspace.save()
    make_due(lead)

    work()

    lead.refresh_from_db()
    assert [m.purpose for m in written.messages(lead)] == ["opener"]
    assert len(written.sent(lead)) == 1 and lead.held_because == ""
