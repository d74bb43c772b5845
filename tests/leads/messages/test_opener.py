"""The first message: written down with the lead, sent once, and told by Twilio's callbacks."""

import pytest

from coachbot.deadline import Deadline
from leads.messages import sending
from leads.models import DailyCount, Message, OptOut
from tests.factories import make_phone, make_workspace
from tests.servers import wait_until
from tests.written import connect, make_twilio_account
from workspaces.connections import credentials
from workspaces.models import CredentialKind


def wait_for(written, lead, status):
    reached = lambda: written.messages(lead)[0].status == status  # noqa: E731
    wait_until(reached, f"the message to be {status}")
    lead.refresh_from_db()
    return written.messages(lead)[0]


def test_answer_says_that_the_message_is_queued(written):
    body = written.api.submit().json()

    assert body == {"ok": True, "leadId": body["leadId"], "status": "new", "messageQueued": True}


def test_what_is_written_down_stands_with_the_lead(written):
    lead = written.submit(name="  Jane\n\tDoe ", goal="x" * 100)

    [message] = written.messages(lead)
    assert (message.status, message.kind, message.purpose) == ("pending", "template", "opener")
    assert message.details["variables"] == {"1": "Jane Doe", "2": "Test Studio", "3": "x" * 60}
    assert DailyCount.objects.get(workspace=written.workspace).calls == 1
    assert message.look_at is not None and lead.accepted_at is not None


def test_lead_is_written_to_and_callbacks_tell_how_far_it_got(written):
    lead = written.submit(phone=make_phone("13"))

    written.send(lead)

    [sent] = written.sent(lead)
    message = wait_for(written, lead, "read")
    assert (message.sid, sent.content_sid) == (sent.sid, written.account.opener_content_sid)
    conversation = written.conversation(lead)
    assert conversation.message_count == 1 and conversation.last_outbound_at is not None
    assert lead.status == "new" and conversation.window_until is None


def test_two_workers_send_it_once(written):
    lead = written.submit()
    [message] = written.messages(lead)

    sending.send(message, deadline=Deadline(10))
    sending.send(message, deadline=Deadline(10))

    assert len(written.sent(lead)) == 1


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({"is_paused": True}, "paused"),
        ({"allowed_countries": "FR"}, "country"),
        ({"daily_call_limit": 0}, "daily_limit"),
        ({"first_call_hours": "mon-mon 00:00-00:01", "days_off": ""}, "calling_hours"),
    ],
)
def test_a_rule_holds_the_lead(written, changes, held):
    for name, value in changes.items():
        setattr(written.workspace, name, value)
    written.workspace.save()

    body = written.api.submit().json()

    lead = written.workspace.leads.get(pk=body["leadId"])
    assert body.get("messageQueued", body.get("callQueued")) is False
    assert lead.held_because == held and written.messages(lead) == []
    assert lead.steps.filter(due_at__isnull=False).exists() is (
        held in ("daily_limit", "calling_hours")
    )


def test_without_a_model_nobody_is_written_to(written):
    credentials.remove(written.workspace.pk, CredentialKind.OPENAI)

    body = written.api.submit().json()

    lead = written.workspace.leads.get(pk=body["leadId"])
    assert body["messageQueued"] is False
    assert lead.held_because == "not_connected" and not lead.steps.exists()


@pytest.mark.parametrize(
    ("changes", "held"),
    [({"is_paused": True}, "paused"), ({"allowed_countries": "FR"}, "country")],
)
def test_a_rule_that_comes_between_holds_what_is_not_sent(written, changes, held):
    lead = written.submit()
    for name, value in changes.items():
        setattr(written.workspace, name, value)
    written.workspace.save()

    [message] = written.send(lead)

    assert (message.status, message.error_code) == ("not_sent", held)
    assert written.sent(lead) == []
    assert lead.steps.planned().get().held_because == held
    assert DailyCount.objects.get(workspace=written.workspace).calls == 0


def test_who_is_listed_meanwhile_is_not_written_to(written):
    from leads.contact.do_not_call import opt_outs

    lead = written.submit()
    opt_outs.add(written.workspace, [lead.phone], way="page")

    [message] = written.send(lead)

    assert (message.status, written.sent(lead)) == ("not_sent", [])
    assert OptOut.objects.filter(workspace=written.workspace).count() == 1


def test_duplicate_is_refused_and_written_to_once(written):
    phone = make_phone()
    first = written.api.submit(phone=phone)

    second = written.api.submit(phone=phone)

    assert (first.status_code, second.status_code) == (201, 409)
    assert Message.objects.filter(workspace=written.workspace).count() == 1


def test_two_workspaces_cannot_have_one_sender(written):
    other = make_workspace(channel="whatsapp")

    with pytest.raises(Exception, match="Another workspace has this sender"):
        connect(other, make_twilio_account(from_=written.account.from_))
