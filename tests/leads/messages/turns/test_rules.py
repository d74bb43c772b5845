"""What keeps the agent from answering, makes it begin again, or has it answer later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import tasks
from leads.agent.text import tokens
from leads.agent.text.model import Model
from leads.agent.text.sentences import TEXTS, Sentence
from leads.contact.do_not_call import opt_outs
from leads.messages.turns import claims, due, stages, standing
from leads.models import Conversation, DailyCount, Turn, Way
from leads.operators import handing
from tests.factories import make_user
from workspaces.connections import credentials
from workspaces.models import CredentialKind, Workspace

TEXT_ONLY, HANDED_OVER = (TEXTS["en"][s] for s in (Sentence.TEXT_ONLY, Sentence.HANDED_OVER))


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that has something happen while the model thinks, so many times."""

    def have(deed, times=1):
        ask, left = Model.ask, [times]

        def asked(model, question):
            found = ask(model, question)
            if left[0]:
                left[0] -= 1
                deed()
            return found

        monkeypatch.setattr(Model, "ask", asked)

    return have


def test_newer_message_discards_the_draft(chat, meanwhile):
    meanwhile(lambda: chat.writes("No wait, mornings are better. sandbox:text"))

    chat.says("Hello sandbox:tool")

    [turn] = chat.turns()
    assert (turn.restarts, turn.stage) == (1, "done")
    assert len(chat.sent()) == 1
    assert not turn.tool_calls.exists()
    assert [m["content"] for m in chat.asked[-1]["messages"] if m["role"] == "user"] == [
        *("Hello sandbox:tool", "No wait, mornings are better. sandbox:text")
    ]
    assert chat.conversation.due_at is None


def test_after_two_restarts_it_is_answered_anyway(chat, meanwhile):
    meanwhile(lambda: chat.writes("And another thing. sandbox:text"), times=4)

    chat.says("Hello sandbox:text")

    [turn] = chat.turns()
    assert (turn.restarts, turn.stage) == (2, "done")
    assert len(chat.sent()) == 1
    assert chat.conversation.due_at is not None


def test_take_over_meanwhile_drops_the_turn(chat, meanwhile):
    member = make_user(chat.workspace).memberships.get()
    meanwhile(lambda: handing.take_over(lead=chat.lead, by=member))

    answer = chat.says("Hello sandbox:tool")

    [turn] = chat.turns()
    assert answer == "" and chat.sent() == []
    assert (turn.stage, turn.fault) == ("dropped", "with_person")
    assert not turn.tool_calls.exists()
    assert chat.conversation.due_at is None and chat.conversation.waiting_since is not None


def test_opt_out_meanwhile_drops_the_turn(chat, meanwhile):
    meanwhile(lambda: opt_outs.add(chat.workspace, [chat.lead.phone], way=Way.PAGE))

    assert chat.says("Hello sandbox:text") == ""

    assert chat.turns()[0].fault == "do_not_call"


def test_stop_meanwhile_drops_the_turn(chat, meanwhile):
    meanwhile(lambda: chat.writes("STOP"))

    answer = chat.says("Hello sandbox:text")

    assert "write START" in answer and len(chat.sent()) <= 1
    assert chat.turns()[0].stage == "dropped"


def test_worker_that_was_taken_for_dead_writes_nothing(chat, meanwhile):
    meanwhile(lambda: Conversation.objects.filter(lead=chat.lead).update(fence=99))

    assert chat.says("Hello sandbox:text") == ""

    assert chat.turns()[0].stage == "thinking" and chat.sent() == []


def test_wake_up_that_comes_twice_does_nothing(chat):
    chat.writes("Hello")
    Conversation.objects.filter(lead=chat.lead).update(due_at=timezone.now())
    [waking] = [c for c in claims.for_waking(500) if c.conversation_id == chat.conversation.pk]

    assert claims.take(waking) is not None
    assert claims.take(waking) is None


def test_text_that_stands_is_sent_without_the_model(chat):
    chat.writes("Hello sandbox:text")
    conversation = chat.conversation
    claim = claims.Claim(conversation.pk, conversation.fence)
    turn = stages.begin(claim, conversation, timezone.now())
    turn.conversation = conversation
    stages.ready(claim, turn, "It stands.", "reply", conversation.messages.inbound())

    chat.works()

    assert [one.body for one in chat.sent()] == ["It stands."]
    assert chat.asked == [] and chat.turns()[0].stage == "done"


def test_paused_agent_answers_once_it_is_resumed(chat):
    chat.workspace.is_paused = True
    chat.workspace.save()
    assert chat.says("Hello sandbox:text") == ""
    assert chat.turns() == []

    chat.workspace.is_paused = False
    chat.workspace.save()
    due.look_again_at_what_settings_held()
    chat.works()

    assert len(chat.sent()) == 1


def test_day_without_tokens_holds_the_answer(chat):
    chat.workspace.daily_token_limit = 100
    chat.workspace.save()

    assert chat.says("Hello sandbox:text") == ""
    chat.works()

    conversation, [turn] = chat.conversation, chat.turns()
    assert conversation.due_at.time().isoformat() == "00:00:00"
    assert conversation.due_at > timezone.now()
    assert (turn.stage, turn.fault) == ("thinking", "day_tokens")
    assert [alert.code for alert in chat.alerts()] == ["agent.tokens_used_up"]
    assert chat.status()[0] == "in_conversation"


def test_raised_limit_has_it_answered(chat):
    chat.workspace.daily_token_limit = 100
    chat.workspace.save()
    chat.says("Hello sandbox:text")

    chat.workspace.daily_token_limit = 100_000
    chat.workspace.save()

    assert due.look_again_at_what_settings_held() >= 1
    assert chat.conversation.due_at <= timezone.now()
    chat.works()
    assert len(chat.sent()) == 1


def test_tokens_are_counted_as_they_were_used(chat):
    chat.says("Hello sandbox:text")

    assert tokens.used_today(chat.workspace.pk) == chat.turns()[0].tokens > 0
    assert DailyCount.objects.get(workspace=chat.workspace).tokens == chat.turns()[0].tokens


def test_forty_turns_in_an_hour_are_enough(chat):
    Turn.objects.bulk_create(
        Turn(conversation=chat.conversation, stage="done", through=timezone.now())
        for _ in range(40)
    )

    answer = chat.says("Hello again")

    assert answer == TEXTS["en"][Sentence.FAILED]
    assert chat.status() == ("needs_human", "agent_failed")
    assert chat.asked == []


def test_closed_window_leaves_the_lead_to_a_person(chat):
    chat.writes("Hello sandbox:text")
    then = timezone.now() - timedelta(minutes=1)
    Conversation.objects.filter(lead=chat.lead).update(window_until=then)

    chat.works()

    assert chat.sent() == [] and chat.asked == []
    assert chat.status() == ("needs_human", "agent_failed")


def test_voice_note_is_said_to_be_unreadable_once(chat):
    assert chat.says(kind="audio") == TEXT_ONLY
    assert chat.says("Sorry: I want to lose weight. sandbox:text") != TEXT_ONLY

    assert chat.says(kind="audio") == HANDED_OVER

    assert chat.status() == ("needs_human", "unreadable_messages")


def test_picture_with_words_is_read(chat):
    chat.says("This is my knee. sandbox:text", kind="image")

    said = [m["content"] for m in chat.asked[0]["messages"] if m["role"] == "user"]
    assert said == ["[a picture] This is my knee. sandbox:text"]


def test_person_who_wrote_has_answered(chat):
    chat.writes("Hello sandbox:text")
    chat.conversation.messages.create(
        workspace=chat.workspace,
        author="person",
        purpose="by_hand",
        status="sent",
        body="Hello Jane!",
    )

    chat.works()

    assert chat.asked == [] and chat.conversation.due_at is None


def test_what_failed_is_answered_where_it_is_handed_back(chat):
    chat.says("Hello sandbox:price")
    member = make_user(chat.workspace).memberships.get()
    chat.model.set(chat.key, behaviour="text")

    handing.hand_back(lead=chat.lead, by=member)
    chat.works()

    assert chat.turns()[-1].stage == "done" and len(chat.sent()) == 2


def test_page_says_what_the_agent_waits_for(chat):
    chat.workspace.daily_token_limit = 100
    chat.workspace.save()
    assert standing.sentence(chat.conversation, timezone.now()) == ""

    chat.says("Hello sandbox:text")

    assert "tokens of the day" in standing.sentence(chat.conversation, timezone.now())


def test_page_says_that_the_model_is_away(chat):
    chat.says("Hello sandbox:error")

    said = standing.sentence(chat.conversation, timezone.now())
    assert "The language model has trouble" in said and said.endswith("It tries again soon.")


def test_lead_is_answered_once_the_model_is_connected(chat):
    account = credentials.openai_account(chat.workspace.pk)
    credentials.remove(chat.workspace.pk, CredentialKind.OPENAI)
    Workspace.objects.filter(pk=chat.workspace.pk).update(
        updated_at=timezone.now() - timedelta(hours=1)
    )
    assert chat.says("Hello sandbox:text") == "" and chat.turns() == []

    credentials.store_account(chat.workspace, CredentialKind.OPENAI, account)
    due.look_again_at_what_settings_held()
    chat.works()

    assert len(chat.sent()) == 1


@pytest.mark.parametrize(("seconds", "is_found"), [(0.5, True), (60, False)])
def test_one_look_finds_what_is_due_soon(chat, seconds, is_found):
    chat.writes("Hello")
    rows = Conversation.objects.filter(pk=chat.conversation.pk)
    rows.update(due_at=timezone.now() + timedelta(seconds=seconds))

    tasks.answer_leads()

    assert (chat.conversation.fence > 0) == is_found
