"""The project's gunicorn configuration, with workers that kill themselves: see killing.py."""

from pathlib import Path

from tests.faults import killing

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))


def post_worker_init(worker):
    killing.arm()
