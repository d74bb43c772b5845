"""The language model: one question, one answer, over `POST /chat/completions`.

answers.py reads what comes. docs/providers/openai.md has the facts this relies on, with their
sources.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from coachbot.deadline import Deadline
from coachbot.providers import Refused
from coachbot.providers.exchange import Request
from coachbot.providers.openai.answers import Completion, read_completion
from coachbot.providers.openai.errors import CAUSES
from coachbot.providers.transport import Door

DEFAULT_MODEL = "gpt-4o"
# The limit of an answer's length has two names: the newer one is unknown to older services, the
# older one is refused by reasoning models.
NEWER, OLDER = "max_completion_tokens", "max_tokens"
MOST_REMEMBERED = 1_000


@dataclass(frozen=True)
class Account:
    """A business's own account at the service, and which of its models writes."""

    api_key: str = field(repr=False)
    model: str = DEFAULT_MODEL


def complete(
    door: Door,
    account: Account,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    *,
    most_tokens: int,
    timeout: float,
) -> Completion:
    """Ask the model for its next message. messages, tools: as the wire has them.

    most_tokens: of its answer. timeout: seconds in whole. Raises ProviderError, whose code is one
    of errors.CAUSES and whose `retry_after` is what the service asks for; to ask again does nothing
    to anybody, and is the caller's.
    """
    deadline = Deadline(timeout)
    memory = (settings.OPENAI_BASE_URL, account.model)
    limit = OLDER if memory in _takes_older else NEWER
    try:
        return _ask(door, account, messages, tools, {limit: most_tokens}, deadline.remaining())
    except Refused as error:
        if error.status != 400 or limit not in error.response:
            raise
    other = NEWER if limit == OLDER else OLDER
    found = _ask(door, account, messages, tools, {other: most_tokens}, deadline.remaining())
    _remember(memory, takes_older=other == OLDER)
    return found


# Models that want the older name, in this process.
_takes_older: set[tuple[str, str]] = set()


def _remember(memory: tuple[str, str], *, takes_older: bool) -> None:
    if len(_takes_older) >= MOST_REMEMBERED:
        _takes_older.clear()
    (_takes_older.add if takes_older else _takes_older.discard)(memory)


def _ask(
    door: Door,
    account: Account,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    limit: Mapping[str, int],
    timeout: float,
) -> Completion:
    body: dict[str, Any] = {"model": account.model, "messages": list(messages), **limit}
    if tools:
        body |= {"tools": list(tools), "tool_choice": "auto"}
    request = Request(
        operation="openai.complete",
        name="Language model",
        action="Language model POST /chat/completions",
        method="POST",
        url=f"{settings.OPENAI_BASE_URL}/chat/completions",
        headers={"Authorization": f"Bearer {account.api_key}"},
        json=body,
        # The log does not repeat the conversation, which stands on the lead's page.
        told={"model": account.model, "messages": len(messages), "tools": len(tools)},
        hidden=account.api_key,
        classify=CAUSES.classify,
    )
    return door.ask(
        request,
        timeout=timeout,
        read=lambda answer: read_completion(answer, messages),
        worth=_worth_telling,
    )


def _worth_telling(found: Completion) -> Mapping[str, Any]:
    return {
        "finish": found.finish,
        "tools": [wish.name for wish in found.tools],
        "promptTokens": found.prompt_tokens,
        "completionTokens": found.completion_tokens,
    }
