"""/admin/<slug>/agent/try: the agent answers, nothing is kept."""

import html
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from leads.agent.text import tokens
from leads.agent.text.sentences import TEXTS, Sentence
from leads.models import Conversation, Lead, Message, ToolCall, Turn
from tests.dashboard import Visitor, text_of
from tests.factories import make_user, make_workspace
from tests.written import connect, make_twilio_account
from workspaces.models import LogEntry, Persona, Role

STATE = re.compile(r'name="state" value="([^"]*)"')


class Trying:
    """A member who tries the agent: each answer's state goes into the next form."""

    def __init__(self, visitor, workspace):
        self.visitor, self.workspace, self.state = visitor, workspace, ""
        self.path = f"/admin/{workspace.slug}/agent/try"

    def does(self, do: str = "write", text: str = "", **fields):
        sent = {"do": do, "text": text, "state": self.state, **fields}
        answer = self.visitor.post(self.path, **sent)
        assert answer.status_code in (200, 429), answer.text[-2000:]
        self.state = html.unescape(STATE.search(answer.text)[1])
        return text_of(answer)


@pytest.fixture
def workspace():
    made = make_workspace(channel="whatsapp")
    connect(made, make_twilio_account())
    Persona.objects.create(workspace=made, name="Mia", offer="Twice a week: £149 a month.")
    return made


@pytest.fixture
def trying(workspace, visit):
    return Trying(visit(make_user(workspace)), workspace)


def kept(workspace) -> list[int]:
    rows = (
        *(Lead.objects.filter(workspace=workspace), Message.objects.filter(workspace=workspace)),
        Conversation.objects.filter(lead__workspace=workspace),
        Turn.objects.filter(conversation__lead__workspace=workspace),
        ToolCall.objects.filter(conversation__lead__workspace=workspace),
    )
    return [found.count() for found in rows]


def test_agent_books_in_a_calendar_of_its_own(trying, workspace):
    trying.does(text="Hello, I want to lose weight.")
    trying.does(text="Twice a week, mornings suit me.")
    shown = trying.does(text="The first one please, I am jane@acme.com.")

    assert "Booked for" in shown and "in no real calendar" in shown
    assert "listSlots" in shown and "bookConsult" in shown and "Guard: passed" in shown
    assert kept(workspace) == [0] * 5
    assert tokens.used_today(workspace.pk) > 0
    said = LogEntry.objects.filter(workspace=workspace).exclude(kind="operator_action")
    assert {entry.code for entry in said} == {"openai.complete"}


def test_guard_says_what_it_refused(trying):
    shown = trying.does(text="Hello sandbox:price")

    assert "Guard: amount" in shown and "It is £1" in shown
    assert TEXTS["en"][Sentence.FAILED] in shown and "not fit to be sent" in shown


def test_stop_is_the_end(trying):
    trying.does(text="Hello")
    shown = trying.does("stop")
    again = trying.does(text="Are you there?")

    assert "You will get no more messages" in shown
    assert "writes nothing more" in again


def test_a_day_later_the_window_is_closed(trying):
    trying.does(text="Hello sandbox:text")
    shown = trying.does("later")

    assert "25 hours later" in shown and "closed: a template only" in shown
    assert "closed" not in trying.does(text="I am back").rpartition("What is so now")[2]


def test_second_voice_note_goes_to_a_person(trying):
    first = trying.does("voice_note")
    second = trying.does("voice_note")

    assert TEXTS["en"][Sentence.TEXT_ONLY] in html.unescape(first)
    assert TEXTS["en"][Sentence.HANDED_OVER] in html.unescape(second)


def test_what_was_not_signed_here_begins_anew(trying, visit):
    trying.does(text="Hello sandbox:text")
    other = make_workspace(channel="whatsapp")
    stranger = Trying(visit(make_user(other)), other)
    stranger.state = trying.state

    assert "A new one begins" in stranger.does(text="Go on")
    trying.state = trying.state[:-3] + "abc"
    assert "A new one begins" in trying.does(text="Go on")


def test_without_a_model_it_says_so(visit):
    workspace = make_workspace(channel="whatsapp")

    shown = Trying(visit(make_user(workspace)), workspace).does(text="Hello")

    assert "No language model is connected" in shown


def test_tokens_of_the_day_hold_it_too(trying, workspace):
    workspace.daily_token_limit = 10
    workspace.save()

    assert "tokens of the day are used up" in trying.does(text="Hello")


def test_trouble_of_the_model_is_said_and_nothing_is_lost(trying):
    shown = trying.does(text="Hello sandbox:error")

    assert "has trouble" in shown and "Hello sandbox:error" in shown


def test_it_is_for_admins_of_a_written_channel(workspace, visit, cast):
    agent = make_user(workspace, role=Role.AGENT)
    owner_of_voice = make_user(cast.workspace)

    assert visit(agent).get(f"/admin/{workspace.slug}/agent/try").status_code == 403
    path = f"/admin/{cast.workspace.slug}/agent/try"
    assert visit(owner_of_voice).get(path).status_code == 404


def test_members_write_so_often_and_no_more(start_web, workspace):
    web = start_web(TRY_AGENT_RATE_LIMIT="1/h")
    trying = Trying(Visitor(web.base_url, make_user(workspace)), workspace)
    trying.does("voice_note")

    assert "That was a lot at once" in trying.does("voice_note", text="kept")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing(browse, workspace, scheme, width):
    size = {"width": width, "height": 900}
    page = browse(make_user(workspace), color_scheme=scheme, viewport=size)
    page.goto(f"/admin/{workspace.slug}/agent/try")
    for text in ("Hello, I want to lose weight.", "Mornings suit me. sandbox:price"):
        page.fill("textarea", text)
        page.get_by_role("button", name="Send").click()
        page.wait_for_selector(".rehearsal-agent")
    for details in page.query_selector_all("details"):
        details.evaluate("node => node.open = true")

    problems = Axe().run(page).response["violations"]

    assert [problem["id"] for problem in problems] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
