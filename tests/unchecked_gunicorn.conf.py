"""The project's gunicorn configuration without its check, which takes as long as a worker.

A server with a wrong setting is tested in tests/coachbot/server/test_start.py.
"""

from pathlib import Path

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))
del on_starting  # noqa: F821
