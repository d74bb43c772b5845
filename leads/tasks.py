"""What workers do for leads: the periodic tasks."""

import logging

from coachbot.work import periodic
from leads import upkeep
from workspaces.settings import retention

logger = logging.getLogger(__name__)


@periodic.every(10, name="settling")
def settle() -> None:
    for sentence in upkeep.settle(quiet=True):
        logger.info(sentence)


@periodic.daily(retention.AT, name="retention")
def apply_retention() -> None:
    for sentence in upkeep.apply_retention():
        logger.info(sentence)
