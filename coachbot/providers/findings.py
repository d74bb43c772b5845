"""What a provider says of an account that a workspace has there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coachbot.providers import ProviderError, Refused
from coachbot.providers.exchange import Answer

UNAUTHORIZED, TOO_MANY_REQUESTS = 401, 429


@dataclass(frozen=True)
class Finding:
    """What was found of one part of an account. is_fine: None where it is fine with a catch.

    is_answer: False where the provider did not say, so that the part may be right.
    part: which one, as a code of the provider's; "" where nothing is kept of it.
    """

    is_fine: bool | None
    sentence: str
    is_answer: bool = True
    part: str = ""


def failure(error: ProviderError, *, refused: str, unanswered: str, part: str = "") -> Finding:
    """Return the finding of a question that failed, by one of two sentences before the error's."""
    if isinstance(error, Refused) and error.status != TOO_MANY_REQUESTS:
        return Finding(False, f"{refused} {error}", part=part)
    return Finding(False, f"{unanswered} {error}", is_answer=False, part=part)


class BadKey(Exception):
    """A provider does not accept the key of an account, so it says nothing of the rest."""


def unshown(error: ProviderError, *, provider: str, what: str, part: str = "") -> Finding:
    """Return the finding of a part of an account that was asked for in vain. Raises BadKey."""
    if error.status == UNAUTHORIZED:
        raise BadKey from error
    return failure(
        error,
        refused=f"{provider} does not show the {what}.",
        unanswered=f"The {what} could not be checked.",
        part=part,
    )


def shown(answer: Answer, *, provider: str) -> Mapping[str, Any]:
    """Return the object that a part of an account is. Raises ProviderError for anything else."""
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderError(f"{provider}'s answer is not readable.")
    return found
