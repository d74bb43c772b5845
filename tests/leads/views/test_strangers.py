"""Messages of people who are no leads: kept for people, made a lead, erased."""

import pytest

from leads.models import Message
from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from tests.written_leads import TURNING, make_stranger, make_written_workspace
from workspaces.log import record
from workspaces.models import LogKind, Outcome, Role


@pytest.fixture
def workspace():
    return make_written_workspace()


@pytest.fixture
def page(workspace):
    return f"/admin/{workspace.slug}/messages"


def test_what_strangers_wrote_is_shown_as_text(visit, workspace, page):
    make_stranger(workspace, TURNING, sender_name="\u202e<b>Sam</b>")
    make_stranger(workspace, "", kind="audio", sender="whatsapp:GB.1234", sender_name="")

    shown = visit(make_user(workspace)).get(page)

    assert "<b>Sam" not in shown.text and "<img src=x" not in shown.text
    assert "[voice note]" in text_of(shown) and "No number is shown" in text_of(shown)


def test_list_shows_nothing_of_another_workspace(visit, workspace, page):
    other = make_workspace(channel="whatsapp")
    message = make_stranger(other, "Not for you")
    visitor = visit(make_user(workspace))

    answers = [
        visitor.get(page),
        visitor.get(f"{page}/{message.pk}/remove"),
        visitor.post(f"{page}/{message.pk}/remove"),
        visitor.get(f"/admin/{workspace.slug}/leads/add?message={message.pk}"),
    ]

    assert not any("Not for you" in answer.text for answer in answers)
    assert message.sender.removeprefix("whatsapp:") not in answers[-1].text
    assert Message.objects.filter(pk=message.pk).exists()


def test_stranger_becomes_a_lead_once_somebody_says_that_consent_was_given(visit, workspace, page):
    message = make_stranger(workspace, sender_name="Sam")
    visitor, phone = (
        visit(make_user(workspace, Role.AGENT)),
        message.sender.removeprefix("whatsapp:"),
    )
    add = f"/admin/{workspace.slug}/leads/add"

    form = visitor.get(f"{add}?message={message.pk}")
    without = visitor.post(add, name="Sam", phone=phone, country="")
    visitor.post(add, name="Sam", phone=phone, country="", consent="on")

    assert phone in form.text and 'value="Sam"' in form.text
    assert "Only who has agreed may be written to on WhatsApp." in text_of(without)
    assert workspace.leads.get().phone == phone


def test_what_a_sender_wrote_is_erased_with_what_the_log_holds(visit, workspace, page):
    message = make_stranger(workspace)
    phone = message.sender.removeprefix("whatsapp:")
    make_stranger(workspace, "Hello?", sender=message.sender)
    other = make_stranger(workspace, "Somebody else")
    record.row(
        workspace_id=workspace.pk,
        kind=LogKind.PROVIDER_EVENT,
        code="twilio.inbound",
        action="Twilio message",
        outcome=Outcome.SUCCEEDED,
        phone=phone,
        request={"messageSid": "SM1"},
    )

    answer = visit(make_user(workspace)).post(f"{page}/{message.pk}/remove")

    row = workspace.log.get(code="twilio.inbound")
    assert answer.headers["Location"] == page
    assert list(Message.objects.filter(workspace=workspace)) == [other]
    assert (row.request, row.subject) == (None, "")
    assert workspace.log.filter(code="messages.remove").exists()
