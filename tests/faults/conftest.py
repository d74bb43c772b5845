"""What the fault tests share: a settling process, and servers that wait less than production."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.servers import ROOT

# Short enough that a test sees the end of it; the order of the figures is production's.
QUICK = {
    "PUBLIC_API_RATE_LIMITS": "1000000/m",
    "VAPI_TIMEOUT": "2",
    "VAPI_SILENT_WORK": "6",
    "VAPI_LISTING_LAG": "4",
}


@pytest.fixture(autouse=True)
def needs_postgres(request):
    on_both = request.node.get_closest_marker("on_sqlite_too")
    if os.environ["REDIS_URL"] == "" and not on_both:
        pytest.skip("this fault test needs PostgreSQL and Redis: make test-faults")


@pytest.fixture
def settling(providers):
    """Return a context manager that runs `settle_calls` beside a test."""

    @contextmanager
    def run():
        process = subprocess.Popen(
            [sys.executable, "manage.py", "settle_calls", "--every", "1"],
            cwd=ROOT,
            env={**os.environ, **QUICK, **providers},
            stdout=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    return run
