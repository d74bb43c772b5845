"""The tokens of a workspace's day: taken before the model is asked, so that the limit is exact.

What was taken and not used is given back. A process that dies in between leaves it taken until the
day is over: the limit is kept rather than a token saved.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value
from django.db.models.functions import Greatest

from coachbot.db import clock
from leads.contact import daily_count
from leads.models import DailyCount

# An answer that may be shorter than this is none.
LEAST = 50
# Of several who take at the same moment some have to look again.
TRIES = 5


class UsedUp(Exception):
    """The workspace has no tokens left today."""


@dataclass(frozen=True)
class Taken:
    """Tokens that were taken for one question. most: how many the answer may have of them."""

    workspace_id: int
    day: date
    number: int
    most: int


def take(workspace_id: int, *, question: int, most: int) -> Taken:
    """Take what a question and its answer need at most; less for the answer where little is left.

    question: tokens of the question, as they are guessed. Raises UsedUp.
    """
    day = daily_count.day_of(clock.now())
    row = DailyCount.objects.filter(workspace=workspace_id, day=day)
    for _ in range(TRIES):
        found = row.values_list("tokens", "workspace__daily_token_limit").first()
        if found is None:
            daily_count.begin(workspace_id)
            continue
        used, limit = found
        answer = min(most, limit - used - question)
        if answer < min(LEAST, most):
            raise UsedUp
        number = question + answer
        if row.filter(tokens__lte=limit - number).update(tokens=F("tokens") + number):
            return Taken(workspace_id, day, number, answer)
    raise UsedUp


def settle(taken: Taken, used: int) -> None:
    """Count what was used in the place of what was taken; a service may use more than it said."""
    row = DailyCount.objects.filter(workspace=taken.workspace_id, day=taken.day)
    row.update(tokens=Greatest(F("tokens") + (used - taken.number), Value(0)))


def used_today(workspace_id: int) -> int:
    """Return how many tokens a workspace has used today, or taken."""
    return daily_count.of_today(workspace_id).values_list("tokens", flat=True).first() or 0
