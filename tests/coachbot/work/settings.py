"""The production settings, with the probes."""

from coachbot.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.coachbot.work.probes"]  # noqa: F405
