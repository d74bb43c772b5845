"""Since when somebody has been filling in which version of a form: told by a signed word in it.

A program that sends a form has no such word, or sends it at once. Times are the database's, as the
form may come back to another machine than it went out from.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing

from coachbot.db import clock
from workspaces.models import Workspace

SALT = "coachbot.forms.pace"
LONGEST = 400


@dataclass(frozen=True)
class Pace:
    """A form that is being filled in. is_corrected: it has come back once, with what was wrong."""

    version: int
    began_at: datetime
    is_corrected: bool = False

    def is_too_quick(self, now: datetime) -> bool:
        """Return whether no person can have filled it in by a moment."""
        taken = (now - self.began_at).total_seconds()
        return not self.is_corrected and taken < settings.FORM_LEAST_SECONDS


def begin(version: int) -> Pace:
    """Return the pace of a form that is shown now."""
    return Pace(version, clock.now())


def sign(workspace: Workspace, pace: Pace) -> str:
    """Return the word for it, which is good for this workspace's form alone."""
    began = pace.began_at.timestamp()
    return signing.dumps([workspace.pk, pace.version, began, pace.is_corrected], salt=SALT)


def read(workspace: Workspace, word: str) -> Pace | None:
    """Return the pace that a word tells of, None for a word that is not ours."""
    if len(word) > LONGEST:
        return None
    try:
        workspace_id, version, began, is_corrected = signing.loads(word, salt=SALT)
    except signing.BadSignature:
        return None
    if workspace_id != workspace.pk:
        return None
    return Pace(version, datetime.fromtimestamp(began, UTC), is_corrected)
