"""Processes that kill themselves at a named step. Production code knows nothing of this.

KILL_AT is `module:function:before|after`. Each time the step is reached and a file can be
taken out of the folder KILL_TOKENS, the process ends by SIGKILL, as if the power had gone.
"""

import functools
import importlib
import os
import signal
from pathlib import Path


def arm() -> None:
    """Make this process one that kills itself."""
    module_name, name, moment = os.environ["KILL_AT"].split(":")
    module = importlib.import_module(module_name)
    setattr(module, name, _killing(getattr(module, name), moment))


def _killing(function, moment):
    @functools.wraps(function)
    def step(*args, **kwargs):
        if moment == "before" and _take_token():
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if moment == "after" and _take_token():
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return step


def _take_token() -> bool:
    for token in Path(os.environ["KILL_TOKENS"]).iterdir():
        try:
            token.unlink()
        except FileNotFoundError:
            continue
        return True
    return False
