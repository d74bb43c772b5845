"""What a provider said of an account."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workspaces.models import Verdict


@dataclass(frozen=True)
class Judgement:
    """What a provider said of an account, and when; all of it empty where it was never asked.

    findings: part by part, each with `part`, `is_fine` and `sentence`, where it has parts.
    """

    verdict: str = ""
    words: str = ""
    at: datetime | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return Verdict(self.verdict).label if self.verdict else "Not verified yet"

    @property
    def is_good(self) -> bool:
        return self.verdict == Verdict.WORKS

    @property
    def fields(self) -> dict[str, Any]:
        """Return it as the columns of a credential."""
        return {
            "verdict": self.verdict,
            "verdict_words": self.words,
            "verified_at": self.at,
            "findings": self.findings,
        }


NEVER_ASKED = Judgement()
