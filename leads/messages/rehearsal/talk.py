"""What an answer is thought of in while the agent is tried out: see thinking.Talk."""

from dataclasses import asdict, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from coachbot.db import clock
from coachbot.deadline import Deadline
from coachbot.providers.openai.client import Account, Completion
from leads.agent import once
from leads.agent.replies import spoken
from leads.agent.text import guard, history, prompt
from leads.agent.text.guard import Verdict
from leads.agent.text.history import Round, Said
from leads.agent.text.model import Model
from leads.agent.text.thinking import NoAnswer
from leads.agent.tools import WRITTEN
from leads.messages import window
from leads.messages.rehearsal import deeds
from leads.messages.rehearsal.state import State
from workspaces.models import Workspace

# Every page answers within 15 seconds.
SECONDS = 14.0
MOST_ROUNDS_TOLD = 6
NAME = "Jane Doe"


class RehearsedTalk:
    """One answer. What becomes of the chat by it stands in `state`, which nobody stores."""

    def __init__(
        self, workspace: Workspace, account: Account, character: prompt.Character, state: State
    ):
        self.workspace, self.character, self.state = workspace, character, state
        self.deadline = Deadline(SECONDS)
        self.model = Model(workspace.pk, account, self.deadline)
        self.asked_at = self.now()
        self.rounds = self.tokens = 0
        self.tools: list[dict[str, object]] = []
        self.verdicts: list[dict[str, str]] = []
        self._open: Round | None = None

    def now(self) -> datetime:
        """What time it is in the chat, in the zone of its calendar."""
        return self.state.now(clock.now()).astimezone(ZoneInfo(self.workspace.zone_name))

    def check(self) -> None:
        """Raise NoAnswer where it takes longer than a page may."""
        if not self.deadline.remaining():
            raise NoAnswer("time")

    def begin_again(self) -> bool:
        """Nobody writes meanwhile."""
        return False

    def ask(self, notes: tuple[str, ...]) -> Completion:
        """See Talk. Raises tokens.UsedUp and ProviderError."""
        self.asked_at = self.now()
        said = [
            Said(datetime.fromisoformat(line.at), line.who == "lead", line.text)
            for line in self.state.lines
            if line.who != "note"
        ]
        rounds = [Round(**kept) for kept in self.state.exchange[-MOST_ROUNDS_TOLD:]]
        system = prompt.system_message(self.character, self._facts_of_now(), notes)
        completion = self.model.ask(
            lambda most: [system, *history.messages(said, rounds, most=most)]
        )
        self.rounds += 1
        self.tokens += completion.prompt_tokens + completion.completion_tokens
        return completion

    def _facts_of_now(self) -> prompt.Now:
        now = self.now()
        last = self.state.last_inbound
        booking = self.state.booking
        at = datetime.fromisoformat(booking).astimezone(now.tzinfo) if booking else None
        return prompt.Now(
            local=now,
            is_zone_known=False,
            window_until=(
                window.end_of(datetime.fromisoformat(last)).astimezone(now.tzinfo) if last else None
            ),
            is_calendar_connected=True,
            appointment=f"The lead has an appointment: {spoken(at)}, {at:%Z}." if at else "",
            opted_out=self.state.ended == "opted_out",
            lead={"name": NAME, "learnt": self.state.profile},
        )

    def open_round(self) -> Round | None:
        return self._open

    def keep(self, round_: Round) -> None:
        """See Talk."""
        before = self.state.exchange if self._open is None else self.state.exchange[:-1]
        self.state = replace(self.state, exchange=[*before, asdict(round_)])
        self._open = round_ if round_.is_open else None

    def carry_out(self, round_: Round) -> str:
        """See Talk."""
        wish = round_.wishes[len(round_.answers)]
        if wish["name"] not in WRITTEN:
            answer = once.no_such_tool(WRITTEN).text
        elif wish["arguments"] is None:
            answer = once.UNREADABLE
        else:
            self.state, reply = deeds.carry_out(
                self.state, wish["name"], wish["arguments"], self.now()
            )
            answer = reply.text
        told = {"name": wish["name"], "arguments": wish["arguments"], "answer": answer}
        self.tools.append(told)
        return answer

    def facts(self) -> guard.Facts:
        """See Talk."""
        own = [line.text for line in self.state.lines if line.who == "agent"]
        words = [line.text for line in self.state.lines if line.who == "lead"]
        return guard.Facts(
            offer=self.character.told_to_leads,
            inner=prompt.inner(self.character),
            lead_words="\n".join(words[-3:]),
            addresses="\n".join([*words, self.state.profile.get("email", "")]),
            previous=own[-1] if own else "",
            has_booking=bool(self.state.booking),
        )

    def judged(self, verdict: Verdict, text: str) -> None:
        """See Talk."""
        self.verdicts.append({"verdict": verdict.value, "text": text[:500]})
