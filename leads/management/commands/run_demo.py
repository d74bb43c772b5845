"""python manage.py run_demo: what `make run` starts."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import cast

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from coachbot.configuration import environment
from leads.management import demo
from workspaces.connections import own_secrets, twilio_setup
from workspaces.models import Workspace

READY_WITHIN = 30

WELCOME = """
Coachbot runs at {base}
  Docs        {base}/docs
  Dashboard   {base}/admin/{slug}/
  Sign in     {email}   password: {password}

In the browser: sign in, and let the agent call you with "Call me now". The sandbox plays the
call, so no phone rings. A workspace of your own takes any Vapi key that begins with sandbox- under
Settings, Vapi; once it is set up there, its calls are reported to it.

In a terminal: a lead goes in and is called: 201, and 409 when it is sent again. Seconds later the
lead is booked, and its page shows what was said.

{good}

A lead that Vapi refuses (the sandbox goes by the last two digits): 502.

{bad}

By WhatsApp: a lead is written to, answers and books within a minute. Follow it at
{base}/admin/{whatsapp}/leads, and write as the lead at {sandbox}/sandbox/phone

{written}

The keys are shown now and never again; the next `make run` makes others. Ctrl-C stops everything.
"""


class Command(BaseCommand):
    help = "Set up a demo workspace and run server, sandbox and worker beside each other."

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("The demo has a known password. It runs with DEBUG=1 only.")
        require_sandbox()
        take_all_endings_as_ctrl_c()
        with suppress(KeyboardInterrupt):
            self.run(port=environment.integer("PORT", default=8000, most=environment.LARGEST_PORT))

    def run(self, port: int) -> None:
        """Serve at a port, with the sandbox at the next one, until KeyboardInterrupt."""
        for needed in (port, port + 1):
            require_free(needed)
        call_command("migrate", verbosity=0)
        calling, writing = demo.calling(), demo.writing()
        keys = demo.new_key(calling), demo.new_key(writing)
        children = start_children(port, calling)
        try:
            wait_until_served(port, children)
            sandbox = os.environ.get("VAPI_BASE_URL") or f"http://127.0.0.1:{port + 1}"
            self.stdout.write(welcome(f"http://127.0.0.1:{port}", sandbox, *keys))
            wait_for_the_end(children)
        finally:
            stop(children)


def take_all_endings_as_ctrl_c() -> None:
    """Let SIGTERM and a closed terminal raise KeyboardInterrupt, unless `nohup` ignores them."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) != signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)


def require_sandbox() -> None:
    """Raise CommandError where the demo needs the sandbox and it is not there."""
    if not os.environ.get("VAPI_BASE_URL") and not apps.is_installed("coachbot.sandbox"):
        raise CommandError(
            "The sandbox is not here: it is in a clone of the code, and not in the image. Run "
            "`make run` in a clone, or set VAPI_BASE_URL, CALCOM_BASE_URL, TWILIO_BASE_URL and "
            "OPENAI_BASE_URL to where one runs."
        )


def require_free(port: int) -> None:
    """Raise CommandError where something listens on a port that the demo needs."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CommandError(f"Port {port} is in use. Choose another: make run PORT=8100")


def start_children(port: int, workspace: Workspace) -> list[subprocess.Popen]:
    """Start sandbox, web server and worker, each as the process it would be anywhere.

    Ctrl-C reaches none of them: they are told to stop once, by us.
    """
    base, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    environment = {**os.environ, "PORT": str(port), "PUBLIC_BASE_URL": base}
    commands = [["-m", "gunicorn"], ["manage.py", "work"]]
    if not os.environ.get("VAPI_BASE_URL"):
        environment |= provider_settings(sandbox)
        commands.insert(0, sandbox_command(port + 1, base, workspace))
    return [
        subprocess.Popen(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, process_group=0
        )
        for command in commands
    ]


def provider_settings(sandbox: str) -> dict[str, str]:
    """Return what sends every question for a provider to the sandbox."""
    return {
        "VAPI_BASE_URL": sandbox,
        "CALCOM_BASE_URL": f"{sandbox}/v2",
        "TWILIO_BASE_URL": sandbox,
        "TWILIO_MESSAGING_BASE_URL": sandbox,
        "TWILIO_CONTENT_BASE_URL": sandbox,
        "OPENAI_BASE_URL": f"{sandbox}/v1",
    }


def sandbox_command(port: int, base: str, workspace: Workspace) -> list[str]:
    """Return how the sandbox is started, so that it plays calls and messages to the demo."""
    url = base + reverse("vapi_events", args=[workspace.slug])
    secret = own_secrets.tool_secret(workspace)
    options = ["--events-url", url, f"--events-secret={secret}"]  # it may start with a dash
    inbound = base + reverse("twilio_inbound", args=[demo.WHATSAPP_SLUG])
    options += ["--whatsapp-url", inbound + twilio_setup.RETRIES]
    return ["-m", "coachbot.sandbox", "--port", str(port), "--quiet", *options]


def wait_until_served(port: int, children: list[subprocess.Popen]) -> None:
    """Wait until the web server takes connections. Raises CommandError if a child ends."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        require_alive(children)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CommandError(f"The web server did not answer within {READY_WITHIN} seconds.")


def require_alive(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is not None:
            command = cast("list[str]", child.args)
            raise CommandError(f"{' '.join(command[1:3])} ended with {child.returncode}.")


def welcome(base: str, sandbox: str, calling_key: str, writing_key: str) -> str:
    """Return what is printed once everything runs."""
    return WELCOME.format(
        base=base,
        sandbox=sandbox,
        slug=demo.SLUG,
        whatsapp=demo.WHATSAPP_SLUG,
        email=demo.EMAIL,
        password=demo.PASSWORD,
        good=curl(base, calling_key, "Jane Doe", ending="10"),
        bad=curl(base, calling_key, "John Roe", ending="41"),
        written=curl(base, writing_key, "Mary Major", ending="10"),
    )


def curl(base: str, key: str, name: str, *, ending: str) -> str:
    """Return a ready curl line. ending: the two digits by which the sandbox decides."""
    phone = f"+4479{secrets.randbelow(10**6):06d}{ending}"
    return (
        f"curl -i {base}/api/public/leads \\\n"
        f"  -H 'Authorization: Bearer {key}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f'  -d \'{{"name": "{name}", "phone": "{phone}", "consent": true}}\''
    )


def wait_for_the_end(children: list[subprocess.Popen]) -> None:
    """Wait for Ctrl-C, which raises KeyboardInterrupt. Raises CommandError if a child ends."""
    while True:
        require_alive(children)
        time.sleep(0.5)


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.wait()
