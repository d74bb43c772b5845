"""A chat that is tried out as its page shows it: in words, without codes."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coachbot.db import clock
from leads.agent.replies import spoken
from leads.agent.text import tokens
from leads.agent.text.guard import REASONS, Verdict
from leads.messages.rehearsal import chat
from leads.messages.rehearsal.state import Line, State
from workspaces.models import Workspace

SPEAKERS = {"lead": "You, as the lead", "agent": "Agent", "note": ""}
LONGEST_ANSWER = 600


@dataclass(frozen=True)
class Tool:
    """One tool call. arguments: as JSON."""

    name: str
    arguments: str
    answer: str


@dataclass(frozen=True)
class Refusal:
    """A draft that the guard did not let pass, and why."""

    code: str
    why: str
    draft: str


@dataclass(frozen=True)
class Entry:
    """A line of the chat, with what stood behind it."""

    who: str
    speaker: str
    text: str
    at: datetime
    tools: tuple[Tool, ...]
    refusals: tuple[Refusal, ...]
    tokens: int
    rounds: int
    passed: bool

    @property
    def is_note(self) -> bool:
        return self.who == "note"

    @property
    def is_agent(self) -> bool:
        return self.who == "agent"


def entry(line: Line) -> Entry:
    """Return how a line is shown."""
    refused = [v for v in line.verdicts if v["verdict"] != Verdict.PASSED]
    return Entry(
        who=line.who,
        speaker=SPEAKERS[line.who],
        text=line.text,
        at=datetime.fromisoformat(line.at),
        tools=tuple(_tool(told) for told in line.tools),
        refusals=tuple(
            Refusal(v["verdict"], REASONS[Verdict(v["verdict"])], v["text"]) for v in refused
        ),
        tokens=line.tokens,
        rounds=line.rounds,
        passed=any(v["verdict"] == Verdict.PASSED for v in line.verdicts),
    )


def _tool(told: dict[str, object]) -> Tool:
    arguments = json.dumps(told["arguments"], ensure_ascii=False) if told["arguments"] else "none"
    answer = str(told["answer"])
    short = answer if len(answer) <= LONGEST_ANSWER else f"{answer[:LONGEST_ANSWER]} …"
    return Tool(str(told["name"]), arguments, short)


def facts(state: State, workspace: Workspace) -> list[tuple[str, str]]:
    """Return what is so in the chat now: pairs of a name and words."""
    zone = ZoneInfo(workspace.zone_name)
    now = state.now(clock.now()).astimezone(zone)
    booked = datetime.fromisoformat(state.booking).astimezone(zone) if state.booking else None
    learnt = "; ".join(f"{name}: {text}" for name, text in state.profile.items())
    return [
        ("Time in the chat", f"{spoken(now)} ({zone.key})"),
        ("Window", "open" if chat.is_window_open(state) else "closed: a template only"),
        ("Lead", "opted out" if state.ended else state.status.replace("_", " ")),
        (
            "Appointment",
            f"{spoken(booked)} ({zone.key}), in no real calendar" if booked else "none",
        ),
        ("Learnt", learnt or "nothing yet"),
        ("Tokens of this chat", f"{state.tokens:,}"),
        (
            "Tokens of the day",
            f"{tokens.used_today(workspace.pk):,} of {workspace.daily_token_limit:,}",
        ),
    ]
