"""What workers do for leads: the periodic tasks."""

import logging
import time
from datetime import timedelta

from coachbot.db import clock
from coachbot.work import periodic
from leads import upkeep, watching
from leads.appointments import hints, sweep
from leads.calls import due, ends, waiting
from leads.calls.settling import blocked
from leads.contact.planned import claims
from leads.intake_addresses import arrivals
from leads.messages import following, settling
from leads.messages.incoming import backfill
from leads.messages.turns import due as turns
from leads.reading import yesterday
from workspaces.notices import digest
from workspaces.settings import retention

logger = logging.getLogger(__name__)

WATCHED_EVERY = 60
# Who waits for an answer notices half a second.
LOOKS, BETWEEN_LOOKS = 20, timedelta(milliseconds=100)


@periodic.every(10, name="settling")
def settle() -> None:
    for sentence in upkeep.settle(quiet=True):
        logger.info(sentence)


@periodic.every(1, name="steps")
def make_steps() -> None:
    due.wake_due()
    waiting.let_in()


@periodic.every(1, name="turns")
def answer_leads() -> None:
    """Have what leads wrote answered, once it is due: while something soon is, without a pause."""
    for _ in range(LOOKS):
        turns.wake_due()
        if not turns.is_any_due(within=BETWEEN_LOOKS * LOOKS):
            return
        time.sleep(BETWEEN_LOOKS.total_seconds())


@periodic.every(10, name="held-turns")
def look_again_at_turns() -> None:
    turns.look_again_at_what_settings_held()


@periodic.every(2, name="blocked-calls")
def drop_blocked_calls() -> None:
    blocked.settle_blocked_calls()


@periodic.every(1, name="messages")
def send_messages() -> None:
    """Write what is planned, send what is pending, and find out what became of what nobody
    answered for.
    """
    following.wake_due()
    settling.wake_due()


@periodic.every(5, name="message-lists")
def fetch_messages() -> None:
    """Find what Twilio could not deliver."""
    backfill.wake_due()


@periodic.every(5, name="untold-ends")
def tell_ends() -> None:
    """Tell of calls that are over and of which no report came."""
    ends.tell_due()


@periodic.every(10, name="held-steps")
def look_again() -> None:
    claims.look_again_at_what_settings_held()


@periodic.every(2, name="calendar-hints")
def look_into_hints() -> None:
    """Look up the bookings of which Cal.com told something."""
    hints.settle()


@periodic.every(15, name="calendar-sweep")
def look_up_appointments() -> None:
    """Find what Cal.com did not tell."""
    sweep.look_at_due()
    sweep.read_changes()


@periodic.every(WATCHED_EVERY, name="watch")
def watch() -> None:
    """Look for what people are to be told of and no deed tells."""
    watching.look_for_absence()
    watching.look_at_limits()
    watching.look_for_troubles(int(clock.now().timestamp() // WATCHED_EVERY))


@periodic.every(30, name="digests")
def send_digests() -> None:
    digest.send_due(yesterday.figures)


@periodic.every(600, name="old-arrivals")
def forget_arrivals() -> None:
    arrivals.forget_old()


@periodic.daily(retention.AT, name="retention")
def apply_retention() -> None:
    for sentence in upkeep.apply_retention():
        logger.info(sentence)
