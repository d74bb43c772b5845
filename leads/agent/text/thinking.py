"""One answer of the agent: rounds with the model and its tools, until a text may be sent.

Whoever has it answered is a Talk: the conversation of a lead, or one on the page for trying out.
"""

from datetime import datetime
from typing import Protocol

from django.db.models import TextChoices

from coachbot.providers.openai.client import Completion
from leads.agent import tools
from leads.agent.text import guard
from leads.agent.text.guard import Verdict
from leads.agent.text.history import Round

MOST_ROUNDS = 8
MOST_UNKNOWN_TOOLS = 2
OVERTAKEN = "This was not done: the lead wrote again meanwhile. Read that first."


class Fault(TextChoices):
    """Why the agent has no answer, beside what the guard says."""

    ROUNDS = "rounds"
    UNKNOWN_TOOLS = "unknown_tools"
    DECLINED = "declined"  # by the model
    FILTERED = "filtered"  # by its provider


class NoAnswer(Exception):
    """The agent has nothing to send. code: why, a Fault or a Verdict."""

    def __init__(self, code: str):
        super().__init__(f"The agent has no answer: {code}.")
        self.code = code


class Talk(Protocol):
    """What an answer is thought of in.

    asked_at: when the model was asked last.
    """

    asked_at: datetime

    @property
    def rounds(self) -> int:
        """How many rounds were had, also by a process before this one."""

    def check(self) -> None:
        """Raise whatever is to end the thinking: a person took over, a rule, the time."""

    def begin_again(self) -> bool:
        """Return whether the lead wrote something newer, that is to be answered too."""

    def ask(self, notes: tuple[str, ...]) -> Completion:
        """Ask the model. notes: what was wrong with its draft."""

    def open_round(self) -> Round | None:
        """Return the round whose tools are not all answered yet."""

    def keep(self, round_: Round) -> None:
        """Keep a round as it stands: a new one, or the open one with an answer more."""

    def carry_out(self, round_: Round) -> str:
        """Do what the next tool of a round asks for. Return the answer."""

    def facts(self) -> guard.Facts:
        """Return what the guard goes by."""

    def judged(self, verdict: Verdict, text: str) -> None:
        """Take notice of what the guard said of a draft."""


def think(talk: Talk) -> str:
    """Return the text that answers. Raises NoAnswer, and whatever the talk raises."""
    notes: tuple[str, ...] = ()
    unknown = 0
    while True:
        # Whoever begins, and whoever has just got an answer, has looked: only tools take long.
        if round_ := talk.open_round():
            unknown += _carry_out(talk, round_)
            if _is_overtaken(talk):
                notes = ()
        _require_sense(talk, unknown)
        completion = talk.ask(notes)
        if _is_overtaken(talk):
            notes = ()
        elif completion.tools:
            talk.keep(Round.of(completion, talk.asked_at))
        elif _may_be_sent(verdict := _judged(talk, completion), notes):
            return completion.text.strip()
        elif notes:
            raise NoAnswer(verdict)
        else:
            notes = (guard.note(verdict, completion.text),)


def _may_be_sent(verdict: Verdict, notes: tuple[str, ...]) -> bool:
    """Return whether a draft may be sent; the beginning of a long one, where a second try is
    no shorter, says more than nothing.
    """
    return verdict == Verdict.PASSED or (verdict == Verdict.TOO_LONG and bool(notes))


def _is_overtaken(talk: Talk) -> bool:
    """Return whether there is something newer to answer. Raises what ends the thinking."""
    talk.check()
    return talk.begin_again()


def _require_sense(talk: Talk, unknown: int) -> None:
    """Raise NoAnswer where the model goes on without end, or asks for what there is not."""
    if unknown >= MOST_UNKNOWN_TOOLS:
        raise NoAnswer(Fault.UNKNOWN_TOOLS)
    if talk.rounds >= MOST_ROUNDS:
        raise NoAnswer(Fault.ROUNDS)


def _carry_out(talk: Talk, round_: Round) -> int:
    """Have the tools of a round answered, one after the other. Return how many there are not."""
    unknown = 0
    while round_.is_open:
        wish = round_.wishes[len(round_.answers)]
        if _is_overtaken(talk):
            answers = [OVERTAKEN] * (len(round_.wishes) - len(round_.answers))
            for text in answers:
                round_ = round_.answered(text)
        else:
            unknown += wish["name"] not in tools.WRITTEN
            round_ = round_.answered(talk.carry_out(round_))
        talk.keep(round_)
    return unknown


def _judged(talk: Talk, completion: Completion) -> Verdict:
    """Return what the guard says of a draft. Raises NoAnswer where the model, or its provider,
    does not want to answer.
    """
    if completion.refusal:
        raise NoAnswer(Fault.DECLINED)
    if completion.finish == "content_filter":
        raise NoAnswer(Fault.FILTERED)
    is_cut = completion.finish == "length"
    verdict = Verdict.CUT if is_cut else guard.judge(completion.text, talk.facts())
    talk.judged(verdict, completion.text)
    return verdict
