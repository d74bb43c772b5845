"""What `manage.py sandbox` and `python -m coachbot.sandbox` have in common."""

import argparse
import signal
import sys
from collections.abc import Mapping
from typing import Any

from coachbot.sandbox.server import Sandbox
from coachbot.sandbox.vapi.calls import Listener

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8001, help="0 picks a free port")
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")
    parser.add_argument(
        "--events-url", default="", help="play every placed call to this server URL of Coachbot"
    )
    parser.add_argument("--events-secret", default="", help="the tool secret that goes with it")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="how long a second of a call takes; 0 is at once"
    )


def run(options: Mapping[str, Any]) -> None:
    """Serve until SIGTERM or SIGINT; print one line when ready. Exits with a sentence if it cannot.

    The signals are blocked before any thread starts, so that sigwait is the only one to get them.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    host, port, url = options["host"], options["port"], options["events_url"]
    sandbox = Sandbox(
        host=host,
        port=port,
        quiet=options["quiet"],
        pace=options["pace"],
        listener=Listener(url, options["events_secret"]) if url else None,
    )
    try:
        sandbox.start()
    except OSError as error:
        sys.exit(f"Cannot listen on {host}:{port}: {error}")
    print(f"Vapi sandbox listens on {sandbox.base_url}", flush=True)
    signal.sigwait(STOP_SIGNALS)
    sandbox.stop()
