"""Letting something happen in a chat that is tried out: the lead writes, or sends a voice note, a
day goes by. Each takes a State and returns the next one.
"""

from dataclasses import replace
from datetime import datetime

from coachbot.db import clock
from coachbot.providers import ProviderError
from coachbot.providers.openai.errors import CAUSES
from leads.agent.text import quoting, thinking, tokens
from leads.agent.text.sentences import Sentence, say
from leads.agent.text.thinking import NoAnswer
from leads.messages import window
from leads.messages.incoming import opting_out, stop_words
from leads.messages.rehearsal.state import Line, State
from leads.messages.rehearsal.talk import RehearsedTalk
from leads.messages.turns import facts, failing
from leads.messages.turns.answering import MOST_UNREADABLE
from workspaces.connections import credentials
from workspaces.models import Workspace

DAY_LATER = 25
VOICE_NOTE = "[a voice note]"
LATER = (
    "25 hours later. WhatsApp's window has closed: until the lead writes again, only an approved "
    "template can be sent."
)
WITH_PERSON = (
    "A person of the team is wanted now. The agent writes nothing more before the lead is handed "
    "back to it."
)
ENDED = "The lead wants no more messages. The agent writes nothing more, whatever comes."
STOPPED = (
    "STOP: the lead is on the do-not-call list. This goes before everything, and no model sees it."
)
USED_UP = (
    "The agent's tokens of the day are used up. It answers after 00:00 UTC, or once the limit is "
    "raised in the settings."
)


class NoModel(Exception):
    """No language model is connected."""


class TryAgain(Exception):
    """The model did not answer; nothing has changed. `str()` says why."""


def write(workspace: Workspace, state: State, text: str) -> State:
    """Let the lead write, and the agent answer. Raises NoModel and TryAgain."""
    text = quoting.message(text)
    state = _heard(state, text)
    if stop_words.is_stop(text) and state.ended != "opted_out":
        confirmation = opting_out.CONFIRMATION.format(name=workspace.name)
        state = _with(replace(state, ended="opted_out"), "agent", confirmation)
        return _with(state, "note", STOPPED)
    return _silent(state) or _answered(workspace, state)


def send_voice_note(state: State) -> State:
    """Let the lead send what cannot be read."""
    state = _heard(replace(state, unreadable=state.unreadable + 1), VOICE_NOTE)
    if silent := _silent(state):
        return silent
    words = "\n".join(line.text for line in state.lines if line.text != VOICE_NOTE)
    if state.unreadable < MOST_UNREADABLE:
        return _with(state, "agent", say(Sentence.TEXT_ONLY, words))
    state = _with(state, "agent", say(Sentence.HANDED_OVER, words))
    return _with(replace(state, status="needs_human"), "note", failing.why("unreadable"))


def let_time_pass(state: State) -> State:
    """Let 25 hours go by: the window closes."""
    return _with(replace(state, hours=state.hours + DAY_LATER), "note", LATER)


def is_window_open(state: State) -> bool:
    """Return whether the lead could be written to without a template."""
    if not state.last_inbound:
        return False
    until = window.end_of(datetime.fromisoformat(state.last_inbound))
    return state.now(clock.now()) < until


def _heard(state: State, text: str) -> State:
    heard = _with(state, "lead", text)
    return replace(heard, last_inbound=heard.lines[-1].at)


def _silent(state: State) -> State | None:
    """Return the state with why the agent says nothing; None where it answers."""
    if state.ended:
        return _with(state, "note", ENDED)
    if state.status == "needs_human":
        return _with(state, "note", WITH_PERSON)
    return None


def _answered(workspace: Workspace, state: State) -> State:
    try:
        account = credentials.openai_account(workspace.pk)
    except (credentials.NotConnected, credentials.CannotUnseal) as error:
        raise NoModel from error
    talk = RehearsedTalk(workspace, account, facts.character_of(workspace), state)
    try:
        text = thinking.think(talk)
    except tokens.UsedUp as error:
        raise TryAgain(USED_UP) from error
    except ProviderError as error:
        cause = CAUSES.explain(error.code)
        raise TryAgain(f"{cause.title}. {cause.fix}") from error
    except NoAnswer as nothing:
        words = "\n".join(line.text for line in state.lines if line.who == "lead")
        failed = _told(talk, say(Sentence.FAILED, words))
        return _with(replace(failed, status="needs_human"), "note", failing.why(nothing.code))
    return _told(talk, text)


def _told(talk: RehearsedTalk, text: str) -> State:
    more = {
        "tools": talk.tools,
        "verdicts": talk.verdicts,
        "tokens": talk.tokens,
        "rounds": talk.rounds,
    }
    return _with(talk.state, "agent", text, **more)


def _with(state: State, who: str, text: str, **more: object) -> State:
    at = state.now(clock.now()).isoformat()
    return state.with_line(Line(who, text, at, **more))  # type: ignore[arg-type]
