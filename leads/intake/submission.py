"""What a person submits, with its limits, and where it came from. Imports nothing of ours.

The limits stand here alone: API, description, model, tools and forms take them from here. How
large a body may be as a whole is not among them: coachbot.http.bodies.parsers decides that before
anything of it is read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import TextChoices


class Length(NamedTuple):
    """How many characters a text has."""

    shortest: int
    longest: int


NAME = Length(1, 120)  # after trimming
PHONE = Length(7, 32)  # as people write it
EMAIL = Length(0, 254)  # RFC 5321, 4.5.3.1.3, without the angle brackets
GOAL = Length(0, 2_000)
LONGEST_ZONE = 64  # an IANA name; one that is longer is none
# By the names that the fields have everywhere.
LENGTHS = {"name": NAME, "phone": PHONE, "email": EMAIL, "goal": GOAL}

# A phone as it is stored: `+` and 7 to 15 digits, the first not 0.
FEWEST_DIGITS, MOST_DIGITS = 7, 15
PHONE_FORM = rf"\+[1-9][0-9]{{{FEWEST_DIGITS - 1},{MOST_DIGITS - 1}}}"

# A source of consent that is a member: this, and the member's e-mail address.
DASHBOARD = "dashboard:"
# One that is the address of a form: this, and the id of what was said of consent there.
INTAKE = "intake:"
LONGEST_SOURCE = len(DASHBOARD) + EMAIL.longest
# One that is the hosted form: this, and the number of the version that was filled in.
FORM = "form:"

# Of metadata and form responses together, in bytes of JSON: they stay under it.
LARGEST_EXTRAS = 16 * 1024
DEEPEST_EXTRAS = 20
LARGEST_NUMBER = 2**63


class CameBy(TextChoices):
    """By which way a lead came in. The words are the contract's (section 10, `source`)."""

    API = "api", "API"
    FORM = "form", "Form"
    INTAKE = "intake", "Form of others"
    DASHBOARD = "dashboard", "Dashboard"


def extras_size(metadata: Any, form_responses: Any) -> int:
    """Return the bytes of metadata and form responses, serialised without white space."""
    extras = [metadata or {}, form_responses or {}]
    text = "".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in extras)
    return len(text.encode("utf-8", "replace"))


@dataclass(frozen=True)
class Submission:
    """What a person submitted, checked and normalised. phone: `+` and digits.

    form_wordings: what was asked, by the ids of the answers, where these are no words themselves.
    older_phones: how releases before 0.2 may have stored the same line. timezone: as it was sent,
    which need not be the name of one.
    """

    name: str
    phone: str
    email: str = ""
    goal: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    form_responses: Mapping[str, Any] = field(default_factory=dict)
    form_wordings: Mapping[str, str] = field(default_factory=dict)
    older_phones: Sequence[str] = ()
    timezone: str = ""

    @property
    def spellings(self) -> list[str]:
        """Return every phone under which the same line may be stored."""
        return [self.phone, *self.older_phones]


@dataclass(frozen=True)
class Origin:
    """Where a submission came from: the evidence of consent, and the request it came with.

    source: such as `api_key:1a2b3c4d`, `intake:57` or `dashboard:jane@acme.com`. address: IP, or
    None. came_by: the way. evidence: what a form shows of consent: `wording`, its `version`, and
    the address of the `page`.
    is_test: whether a member submitted their own number, to see that calling works. consent_at:
    when consent was given, where that was before now.
    """

    source: str
    address: str | None
    request_id: str
    is_test: bool = False
    consent_at: datetime | None = None
    came_by: CameBy = CameBy.API
    evidence: Mapping[str, Any] = field(default_factory=dict)
