"""What `manage.py vapi_sandbox` and `python -m coachbot.sandbox` have in common."""

import argparse
import signal
import sys

from coachbot.sandbox.server import Sandbox

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --host, --port and --quiet to the parser."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8001, help="0 picks a free port")
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")


def run(*, host: str, port: int, quiet: bool) -> None:
    """Serve until SIGTERM or SIGINT; print one line when ready. Exits with a sentence if it cannot.

    The signals are blocked before any thread starts, so that sigwait is the only one to get them.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    sandbox = Sandbox(host=host, port=port, quiet=quiet)
    try:
        sandbox.start()
    except OSError as error:
        sys.exit(f"Cannot listen on {host}:{port}: {error}")
    print(f"Vapi sandbox listens on {sandbox.base_url}", flush=True)
    signal.sigwait(STOP_SIGNALS)
    sandbox.stop()
