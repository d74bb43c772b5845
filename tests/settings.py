"""The settings of production, but passwords are hashed quickly.

A hash takes a third of a second of a processor on purpose, and the suite makes hundreds. What is
about that third of a second runs with coachbot.settings.
"""

from coachbot.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]
