"""A lead by the API is written to, answers, books, meets a person, and says STOP; as its page
shows it. The worker's part is done here.
"""

import secrets

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads.messages.turns import due
from leads.models import Conversation
from tests.factories import make_user
from workspaces.connections import credentials

ANSWERS = (
    "Hello, I want to lose weight.",
    "Twice a week, mornings suit me.",
    "The first one, please. I am jane@acme.com.",
)


@pytest.fixture
def journey(written, sandbox, settings):
    """The workspace with a model and a calendar, all at the sandbox."""
    settings.OPENAI_BASE_URL = f"{sandbox.base_url}/v1"
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"
    account = calcom.Account(f"cal_sandbox_{secrets.token_hex(8)}", 123400, "Europe/London")
    credentials.connect_calcom(written.workspace, account)
    return written


def says(written, lead, text: str) -> None:
    """Let the lead write, and the worker do what is due then."""
    written.write(lead, text)
    rows = Conversation.objects.filter(lead=lead)
    rows.filter(due_at__isnull=False).update(due_at=timezone.now(), lease_until=None)
    conversation = rows.get()
    due.run.call_local(conversation.pk, conversation.fence)
    written.send(lead)


def by(written, lead, author: str) -> list[str]:
    return [message.body for message in written.messages(lead) if message.author == author]


def test_lead_goes_from_the_api_over_a_booking_and_a_person_to_stop(journey, browse):
    member = make_user(journey.workspace)
    lead = journey.submit(name="Jane Doe", goal="Lose weight")
    page = browse(member)

    def shown() -> str:
        page.goto(f"/admin/{journey.workspace.slug}/leads/{lead.pk}")
        return page.locator("main").inner_text()

    journey.send(lead)
    assert "First message" in shown() and "The lead has not answered yet." in shown()

    for answer in ANSWERS:
        says(journey, lead, answer)
    booked = shown()
    assert "Appointment booked" in booked and "Booked for" in booked
    assert all(answer in booked for answer in ANSWERS)

    answers = len(by(journey, lead, "agent"))
    page.get_by_role("button", name="Take over", exact=True).click()
    page.get_by_text("is yours").wait_for()
    says(journey, lead, "May I bring my sister?")
    assert len(by(journey, lead, "agent")) == answers
    page.get_by_label("Write to the lead").fill("Yes, of course. Ann")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".message-person").wait_for()
    journey.send(lead)
    assert journey.sent(lead)[-1].body == "Yes, of course. Ann"

    page.get_by_role("button", name="Hand back to the agent").click()
    page.get_by_text("is handed back to the agent.").wait_for()
    says(journey, lead, "Thank you! What should I bring?")
    assert len(by(journey, lead, "agent")) == answers + 1

    says(journey, lead, "STOP")
    stopped = shown()
    sent = len(journey.sent(lead))
    says(journey, lead, "Hello?")
    assert "This person does not want messages" in stopped
    assert "Confirmation of the opt-out" in stopped
    assert page.get_by_label("Write to the lead").count() == 0
    assert len(journey.sent(lead)) == sent
