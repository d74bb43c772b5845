"""What workers do for forms that were sent: the periodic task."""

from datetime import time

from coachbot.sent_forms import claims
from coachbot.work import periodic


@periodic.daily(time(4, 20), name="sent-forms")
def forget_old() -> None:
    claims.forget_old()
