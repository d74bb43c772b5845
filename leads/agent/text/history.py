"""What was said before, as the model reads it: messages and rounds of tools, in their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from coachbot.providers.openai.client import Completion
from leads.agent.text import quoting

# Messages and characters of the past that are told; the newest are kept.
MOST_MESSAGES, MOST_CHARACTERS = 60, 24_000


@dataclass(frozen=True)
class Said:
    """One message. is_lead: whether the lead wrote it, else the business did."""

    at: datetime
    is_lead: bool
    text: str

    def told(self) -> list[Mapping[str, Any]]:
        """Return it as messages to the model."""
        if self.is_lead:
            return [{"role": "user", "content": quoting.message(self.text)}]
        return [{"role": "assistant", "content": self.text}]


@dataclass(frozen=True)
class Round:
    """What the model asked of its tools in one answer. at: when it was asked, ISO 8601.

    echo: its message. wishes: the tools, each with id, name, arguments (None: unreadable) and raw.
    answers: theirs, in that order; fewer while the round goes on.
    """

    at: str
    echo: Mapping[str, Any]
    wishes: Sequence[Mapping[str, Any]]
    answers: Sequence[str] = ()

    @classmethod
    def of(cls, completion: Completion, at: datetime) -> "Round":
        """Return the round that an answer begins."""
        return cls(at.isoformat(), completion.echo, [asdict(wish) for wish in completion.tools])

    @property
    def is_open(self) -> bool:
        return len(self.answers) < len(self.wishes)

    def answered(self, text: str) -> "Round":
        """Return the round with the answer to its next tool."""
        return replace(self, answers=[*self.answers, text])

    def told(self) -> list[Mapping[str, Any]]:
        """Return it as messages to the model, which wants an answer to each tool."""
        answers = zip(self.wishes, self.answers, strict=False)
        tools = [
            {"role": "tool", "tool_call_id": wish["id"], "content": text} for wish, text in answers
        ]
        return [self.echo, *tools]


def messages(said: Iterable[Said], rounds: Iterable[Round], *, most: int) -> list[Any]:
    """Return the past in its order, the newest that fits. most: characters of all of it.

    It begins with a message of the lead or the business, never in the midst of a round.
    """
    items = [(one.at, one.told()) for one in said if one.text.strip()][-MOST_MESSAGES:]
    oldest = items[0][0] if items else None
    for one in rounds:
        at = datetime.fromisoformat(one.at)
        if oldest is None or at >= oldest:
            items.append((at, one.told()))
    items.sort(key=lambda item: item[0])  # what is equal stays as it came: messages first
    return [message for _, told in _newest(items, most) for message in told]


def _newest(items: list[tuple[datetime, list[Any]]], most: int) -> list[tuple[datetime, list[Any]]]:
    kept: list[tuple[datetime, list[Any]]] = []
    size = 0
    for at, told in reversed(items):
        size += sum(len(str(message)) for message in told)
        if kept and size > most:
            break
        kept.append((at, told))
    return kept[::-1]
