"""What workers do for leads: the periodic tasks."""

import logging
from datetime import time

from coachbot.work import periodic
from leads import upkeep

logger = logging.getLogger(__name__)


@periodic.every(10, name="settling")
def settle() -> None:
    for sentence in upkeep.settle(quiet=True):
        logger.info(sentence)


@periodic.daily(time(3, 30), name="retention")
def apply_retention() -> None:
    for sentence in upkeep.apply_retention():
        logger.info(sentence)
