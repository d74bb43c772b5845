"""What a workspace's systems and people hear of messages."""

import pytest

from leads.operators import handing
from tests.factories import make_user
from workspaces.models import Membership, Notice, NoticeKind, Role


@pytest.fixture
def told(written, listen):
    """Return a function: what the workspace was told so far of a lead."""
    events = listen(written.workspace)
    return lambda lead: events(lead.pk)


def test_each_message_is_an_event_and_the_sequence_has_no_gap(written, told):
    lead = written.submit()
    written.send(lead)

    written.write(lead, "Hello, Tuesday suits me")

    events = told(lead)
    assert [event["type"] for event in events] == [
        "lead.created",
        "message.sent",
        "message.received",
    ]
    assert [event["data"]["sequence"] for event in events] == [1, 2, 3]
    sent, received = (event["data"]["message"] for event in events[1:])
    assert (sent["author"], sent["kind"]) == ("agent", "template")
    assert events[1]["data"]["conversation"]["messageCount"] == 1
    assert (received["author"], received["body"]) == ("lead", "Hello, Tuesday suits me")
    told_last = events[-1]["data"]
    assert told_last["lead"]["status"] == "in_conversation"
    assert told_last["conversation"]["messageCount"] == 2


def test_message_that_comes_twice_is_told_once(written, told):
    lead = written.submit()
    written.send(lead)

    written.write(lead, "Hello", times=2)

    assert [event["type"] for event in told(lead)].count("message.received") == 1


def test_person_who_has_the_lead_is_told_that_it_wrote(written):
    lead = written.submit()
    written.send(lead)
    member = Membership.objects.create(
        workspace=written.workspace, user=make_user(), role=Role.ADMIN
    )
    written.write(lead, "Hello")
    rows = Notice.objects.filter(workspace=written.workspace, kind=NoticeKind.WROTE_AGAIN)
    assert not rows.exists()

    handing.take_over(lead=lead, by=member)
    written.write(lead, "Are you there?")

    [notice] = rows
    assert notice.lead_id == lead.pk and "Are you there" not in notice.text
