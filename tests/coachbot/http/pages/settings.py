"""The settings of production with templates of a test's own."""

import os

from coachbot.settings import *  # noqa: F403

TEMPLATES[0]["DIRS"] = [os.environ["TEMPLATES_FOLDER"]]  # noqa: F405
