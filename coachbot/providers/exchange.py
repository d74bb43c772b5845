"""What a provider is asked, what it answers, and how that is told: plain values of the one door."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from coachbot.providers import ProviderError, Refused, Unclear, limits

LARGEST_ANSWER = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What a provider is asked. operation: its code in logs and metrics, `vapi.create_call`.

    name: what it is called in messages, such as "Vapi /call". action: what it is called in the
    log, such as "Vapi POST /call". json, data: what is sent, as JSON, or as the fields of a form or
    these bytes. told: what the log says of it, where not all of it.
    is_strangers: whether a stranger wrote the URL, so that it may lead to no address inside.
    largest: bytes read of the answer. is_quiet: only a failure is worth telling.
    hidden: a secret that the answer may repeat: it is masked as it comes in, so nobody tells it.
    classify: makes of a failure its code in the provider's errors.py.
    """

    operation: str
    name: str
    action: str
    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, Any] | None = None
    json: Any = None
    data: Mapping[str, str] | bytes | None = None
    is_strangers: bool = False
    told: Any = None
    largest: int = LARGEST_ANSWER
    is_quiet: bool = False
    hidden: str = ""
    classify: Callable[[ProviderError], str] = attrgetter("code")

    @property
    def body(self) -> Any:
        """What the log says of the body."""
        sent = self.data if self.json is None else self.json
        return sent if self.told is None else self.told

    @property
    def limit(self) -> limits.Limit:
        """The concurrency limit of the provider, the first word of the operation."""
        return limits.LIMITS[self.operation.partition(".")[0]]


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its body as text, the address that it redirects to, or "", and the
    seconds after which it says that one may ask again.
    """

    status: int
    text: str
    location: str = ""
    retry_after: float | None = None

    def json(self) -> Any:
        """Return what the body holds as JSON; None where it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Exchange:
    """One request that is over. seconds: how long it took. error: None where it went well.

    response: what is worth telling of the answer.
    """

    request: Request
    seconds: float
    status: int | None
    response: Any
    error: ProviderError | None


def outcome_of(error: ProviderError | None) -> str:
    """Return how an exchange ended: `succeeded`, `refused`, `unclear` or `failed`."""
    match error:
        case None:
            return "succeeded"
        case Refused():
            return "refused"
        case Unclear():
            return "unclear"
    return "failed"
