"""What a provider says of an account that a workspace has there."""

from dataclasses import dataclass

from coachbot.providers import ProviderError, Refused

TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class Finding:
    """What was found of one part of an account. is_fine: None where it is fine with a catch.

    is_answer: False where the provider did not say, so that the part may be right.
    """

    is_fine: bool | None
    sentence: str
    is_answer: bool = True


def failure(error: ProviderError, *, refused: str, unanswered: str) -> Finding:
    """Return the finding of a question that failed, by one of two sentences before the error's."""
    if isinstance(error, Refused) and error.status != TOO_MANY_REQUESTS:
        return Finding(False, f"{refused} {error}")
    return Finding(False, f"{unanswered} {error}", is_answer=False)
