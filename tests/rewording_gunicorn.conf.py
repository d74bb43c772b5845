"""The project's gunicorn configuration, with workers that say everything otherwise."""

from pathlib import Path

from tests.rewording import reword_everything

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))


def post_worker_init(worker):
    assert reword_everything() > 80
