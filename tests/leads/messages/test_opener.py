"""The first message: written down with the lead, sent once, and told by Twilio's callbacks."""

from leads.models import DailyCount
from tests.servers import wait_until


def test_lead_is_written_to_within_seconds(written):
    lead = written.submit(name="Jane Doe", goal="Lose weight")

    [message] = written.send(lead)

    [sent] = written.sent(lead)
    assert sent.content_sid == written.account.opener_content_sid
    wait_until(lambda: written.messages(lead)[0].status == "read", "the callbacks to come")
    message.refresh_from_db()
    assert (message.purpose, message.sid) == ("opener", sent.sid)


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
