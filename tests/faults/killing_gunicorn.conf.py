"""The project's gunicorn configuration, with workers that kill themselves at a named step.

KILL_AT is `module:function:before|after`. Each time the step is reached and a file can be
taken out of the folder KILL_TOKENS, the worker ends by SIGKILL, as if the power had gone.
Production code knows nothing of this.
"""

import functools
import importlib
import os
import signal
from pathlib import Path

exec(compile(Path("gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"))


def take_token() -> bool:
    for token in Path(os.environ["KILL_TOKENS"]).iterdir():
        try:
            token.unlink()
        except FileNotFoundError:
            continue
        return True
    return False


def killing(function, moment):
    @functools.wraps(function)
    def step(*args, **kwargs):
        if moment == "before" and take_token():
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if moment == "after" and take_token():
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return step


def post_worker_init(worker):
    module_name, name, moment = os.environ["KILL_AT"].split(":")
    module = importlib.import_module(module_name)
    setattr(module, name, killing(getattr(module, name), moment))
