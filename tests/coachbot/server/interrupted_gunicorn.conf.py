"""The project's gunicorn configuration, with a first worker that gets SIGINT at the worst moment.

It comes while the first request is handed to the pool of threads, under that pool's lock.
"""

import signal
from concurrent.futures import thread
from pathlib import Path

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))


class InterruptedItem(thread._WorkItem):
    def __init__(self, *arguments):
        signal.raise_signal(signal.SIGINT)
        super().__init__(*arguments)


def post_worker_init(worker):
    if worker.age == 1:
        thread._WorkItem = InterruptedItem
