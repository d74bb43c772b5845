"""The project's gunicorn configuration without its check, which takes as long as a worker, and
with what all workers import imported once.

A server with a wrong setting is tested in tests/coachbot/server/test_start.py. Each worker imports
for itself in production, so that a reload (SIGHUP) takes the code of a new release.
"""

import gc
from pathlib import Path

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))
del on_starting  # noqa: F821
preload_app = workers > 1  # noqa: F821
gc.set_threshold(1_000_000)  # as post_fork does, where workers import
