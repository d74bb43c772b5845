"""What `python -m coachbot.sandbox` and `manage.py sandbox` have in common."""

import argparse
import signal
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

from coachbot.sandbox import listeners
from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.provider import Provider
from coachbot.sandbox.registry import PROVIDERS
from coachbot.sandbox.server import Sandbox

ABOUT = "Run local stand-ins for providers; the last two digits of a number choose what happens."
READY = "The sandbox listens on "
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
WIDTH = 96

START = f"""
It prints one line when it is ready: its address. SIGTERM and Ctrl-C end it; it forgets everything
then. POST {listeners.PATH} with {{"url": ..., "secret": ...}} and an API key as the bearer
token does for this one key what --events-url and --events-secret do for all.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser, and below them all that the providers can do."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=8001, help="0 picks a free port (default: %(default)s)"
    )
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")
    parser.add_argument(
        "--events-url", default="", help="play every placed call to this server URL of Coachbot"
    )
    parser.add_argument("--events-secret", default="", help="the tool secret that goes with it")
    parser.add_argument(
        "--pace",
        type=float,
        default=1.0,
        help="how long a second of a call takes; 0 is at once (default: %(default)s)",
    )
    parser.add_argument(
        "--whatsapp-url", default="", help="where what leads write goes; else beside the statuses"
    )
    parser.add_argument(
        "--model-delay",
        type=float,
        default=0.0,
        help="seconds that the language model takes (default: %(default)s)",
    )
    parser.add_argument(
        "--silent-leads",
        action="store_true",
        help="who is written to by WhatsApp answers only where somebody writes for it",
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n\n".join([START.strip(), *(_guide(made) for _, made in PROVIDERS.values())])


def _guide(provider: type[Provider]) -> str:
    rows = (f"  {digits or '..'}  {says}" for digits, says in provider.rows)
    return "\n".join([textwrap.fill(provider.about, WIDTH), *rows])


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
        plays_leads=not options["silent_leads"],
        whatsapp_url=options["whatsapp_url"],
        model_delay=options["model_delay"],
    )
    try:
        sandbox.start()
    except OSError as error:
        sys.exit(f"Cannot listen on {host}:{port}: {error}")
    print(f"{READY}{sandbox.base_url}", flush=True)
    signal.sigwait(STOP_SIGNALS)
    sandbox.stop()
