"""What a provider says of an account that a workspace has there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was found of one part of an account. is_fine: None where it is fine with a catch."""

    is_fine: bool | None
    sentence: str
