"""One thing that keeps the agent from its work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import QuerySet

# What is older tells nothing of today.
WINDOW = timedelta(days=30)
# What is counted of one trouble; more than these tell nothing new.
MOST = 500


class TroubleCode(models.TextChoices):
    """Which it is, in the order in which they are told."""

    PAUSED = "paused"
    VAPI_NOT_CONNECTED = "vapi_not_connected"
    VAPI_ACCOUNT_WRONG = "vapi_account_wrong"
    TWILIO_NOT_CONNECTED = "twilio_not_connected"
    MODEL_NOT_CONNECTED = "model_not_connected"
    CALLS_HELD = "calls_held"
    MESSAGES_HELD = "messages_held"
    MESSAGES_REFUSED = "messages_refused"
    TOKENS_USED_UP = "tokens_used_up"
    NO_LINES = "no_lines"
    INTAKE_BROKEN = "intake_broken"
    CALLS_REFUSED = "calls_refused"
    CALLS_FAILED = "calls_failed"
    EVENTS_MISSING = "events_missing"
    CALLERS_LOST = "callers_lost"
    TRANSFERS_FAILED = "transfers_failed"
    MESSAGES_FAILED = "messages_failed"
    AGENT_FAILED = "agent_failed"
    CALCOM_NOT_CONNECTED = "calcom_not_connected"
    CALCOM_ACCOUNT_WRONG = "calcom_account_wrong"
    CALCOM_AWAY = "calcom_away"
    CALCOM_EVENTS_MISSING = "calcom_events_missing"
    DAILY_LIMIT = "daily_limit"
    COUNTRY = "country"
    PEOPLE_REFUSED = "people_refused"


@dataclass(frozen=True)
class Trouble:
    """What is told of it: `what` since when, `why`, which says how to mend it where that helps."""

    code: TroubleCode
    what: str
    why: str
    since: datetime | None = None


def tally(rows: QuerySet) -> tuple[int, datetime | None]:
    """Return how many rows there are, up to MOST, and since when."""
    # Every page asks: to build an aggregate over a slice takes longer than to count the few.
    moments = list(rows.order_by("-created_at").values_list("created_at", flat=True)[:MOST])
    return len(moments), moments[-1] if moments else None


def counted(number: int, one: str, many: str) -> str:
    """Return how many of something: `1 call`, `6 calls`, `500 or more calls`."""
    if number >= MOST:
        return f"{MOST} or more {many}"
    return f"{number} {one if number == 1 else many}"
