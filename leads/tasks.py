"""What workers do for leads: the periodic tasks."""

import logging

from coachbot.work import periodic
from leads import upkeep
from leads.calls import due
from leads.contact import steps
from leads.intake_addresses import arrivals
from workspaces.settings import retention

logger = logging.getLogger(__name__)


@periodic.every(10, name="settling")
def settle() -> None:
    for sentence in upkeep.settle(quiet=True):
        logger.info(sentence)


@periodic.every(1, name="steps")
def make_steps() -> None:
    due.wake_due()


@periodic.every(10, name="held-steps")
def look_again() -> None:
    steps.look_again_at_what_settings_held()


@periodic.every(600, name="old-arrivals")
def forget_arrivals() -> None:
    arrivals.forget_old()


@periodic.daily(retention.AT, name="retention")
def apply_retention() -> None:
    for sentence in upkeep.apply_retention():
        logger.info(sentence)
