"""The approved templates that are written without an answer, and what stands in their gaps.

Meta refuses a variable with a line break, a tab or more than four blanks, and an empty one;
{{1}} is the lead's name, {{2}} the workspace's, {{3}} what the lead wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from coachbot.providers.twilio.client import Account
from leads.models import Lead

# Characters of a value, so that the whole template stays under Meta's 1,024.
LONGEST = 60
NO_GOAL = "your request"
NO_NAME = "there"


class Which(StrEnum):
    """Which template of the workspace's account is meant."""

    OPENER = "opener"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Template:
    """A template with what stands in its gaps, by their numbers."""

    which: Which
    variables: Mapping[str, str]

    @property
    def details(self) -> dict[str, object]:
        """Return it as the `details` of a message."""
        return {"template": str(self.which), "variables": dict(self.variables)}


def opener(lead: Lead) -> Template:
    """Return the first message to a lead."""
    return Template(Which.OPENER, _variables(lead))


def follow_up(lead: Lead) -> Template:
    """Return a later message to a lead that has not answered."""
    return Template(Which.FOLLOW_UP, _variables(lead))


def content_sid(account: Account, which: str) -> str:
    """Return Twilio's id of a template, "" where the account has none."""
    is_opener = which == Which.OPENER
    return account.opener_content_sid if is_opener else account.follow_up_content_sid


def _variables(lead: Lead) -> dict[str, str]:
    return {
        "1": clean(lead.plain_name) or NO_NAME,
        "2": clean(lead.workspace.name),
        "3": clean(lead.goal) or NO_GOAL,
    }


def clean(text: str) -> str:
    """Return text as Meta takes it in a gap: on one line, with single blanks, cut."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[:LONGEST].rstrip()
