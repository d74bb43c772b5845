"""What a person submitted, and where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Submission:
    """What a person submitted, checked and normalised. phone: `+` and digits.

    older_phones: how releases before 0.2 may have stored the same line.
    """

    name: str
    phone: str
    email: str = ""
    goal: str = ""
    metadata: Mapping = field(default_factory=dict)
    form_responses: Mapping = field(default_factory=dict)
    older_phones: Sequence[str] = ()

    @property
    def spellings(self) -> list[str]:
        """Return every phone under which the same line may be stored."""
        return [self.phone, *self.older_phones]


@dataclass(frozen=True)
class Origin:
    """Where a submission came from: the evidence of consent, and the request it came with.

    source: such as `api_key:1a2b3c4d`. address: IP, or None.
    """

    source: str
    address: str | None
    request_id: str
