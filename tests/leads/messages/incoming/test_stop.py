"""STOP comes before everything, is confirmed once, and never reaches the model; START undoes it."""

import pytest

from leads.contact.do_not_call import opt_outs
from leads.messages import sending
from leads.messages.turns.unanswered import unanswered
from leads.models import Message, MessagePurpose, OptOut, Turn
from tests.factories import make_phone


@pytest.fixture
def lead(written):
    """A lead that talks with the agent."""
    lead = written.submit(phone=make_phone("13"))
    written.send(lead)
    written.write(lead, "Hello")
    return lead


def listed(written):
    return list(OptOut.objects.filter(workspace=written.workspace).values_list("way", flat=True))


def test_stop_is_listed_confirmed_once_and_then_there_is_silence(written, lead):
    written.write(lead, "STOP!")
    written.write(lead, "stop")
    written.send(lead)

    lead.refresh_from_db()
    confirmations = [m for m in written.messages(lead) if m.purpose == MessagePurpose.OPT_OUT]
    assert listed(written) == ["message"] and lead.held_because == "do_not_call"
    assert len(confirmations) == 1 and "START" in confirmations[0].body
    assert written.sent(lead)[-1].body == confirmations[0].body
    conversation = written.conversation(lead)
    assert conversation.due_at is None and conversation.waiting_since is None


def test_what_was_on_its_way_is_dropped(written, lead):
    conversation = written.conversation(lead)
    turn = Turn.objects.create(conversation=conversation, stage="ready", through=lead.created_at)
    sending.write(conversation, purpose=MessagePurpose.REPLY, body="Shall we?", turn=turn)

    written.write(lead, "Unsubscribe")
    written.send(lead)

    turn.refresh_from_db()
    assert turn.stage == "dropped"
    assert turn.messages.get().status == "not_sent"
    assert "Shall we?" not in [sent.body for sent in written.sent(lead)]


def test_words_are_not_for_the_agent_and_start_undoes_a_stop(written, lead):
    written.write(lead, "Arrêt")
    written.write(lead, "START")
    written.write(lead, "I am back")

    assert listed(written) == []
    burst = [message.body for message in unanswered(written.conversation(lead))]
    assert burst == ["I am back"]
    assert written.conversation(lead).due_at is not None


def test_start_undoes_nothing_else(written, lead):
    opt_outs.add(written.workspace, [lead.phone], way="page")

    written.write(lead, "START")
    written.write(lead, "Hello?")

    lead.refresh_from_db()
    assert listed(written) == ["page"] and lead.held_because == "do_not_call"


def test_what_twilio_answered_itself_is_not_answered_again(written, lead):
    written.write(lead, "STOP", shape="opted_out")

    assert listed(written) == ["message"]
    assert not Message.objects.filter(
        conversation__lead=lead, purpose=MessagePurpose.OPT_OUT
    ).exists()


def test_a_stranger_is_listed_too_and_not_answered(written):
    written.twilio.write(written.account.account_sid, "+447700900998", "STOP")

    assert opt_outs.is_listed(written.workspace.pk, "+447700900998")
    assert Message.objects.filter(workspace=written.workspace).count() == 1


def test_a_sentence_goes_to_the_agent(written, lead):
    written.write(lead, "Stop, wait a moment")

    assert listed(written) == []
    assert written.conversation(lead).due_at is not None
