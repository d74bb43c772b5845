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
from django.utils import timezone

from coachbot.configuration import environment
from coachbot.providers.calcom import client as calcom
from coachbot.providers.vapi import client as vapi
from workspaces import api_keys
from workspaces.connections import credentials
from workspaces.models import ApiKey, Channel, User, Workspace
from workspaces.settings import onboarding

SLUG = "demo"
EMAIL = "demo@example.com"
PASSWORD = "coachbot-demo"
KEY_NAME = "make run"
# The sandbox takes any key that starts with `sandbox-`, and any UUID for the two ids.
ACCOUNT = vapi.Account(
    api_key="sandbox-demo",
    assistant_id="5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01",
    phone_number_id="8d0c2f4e-91b7-4f0c-8a1d-3f7a2e6b9c02",
)
CALENDAR = calcom.Account(api_key="cal_sandbox-demo", event_type_id=100, time_zone="Europe/London")
READY_WITHIN = 30

WELCOME = """
Coachbot runs at {base}
  Docs        {base}/docs
  Dashboard   {base}/admin/{slug}/
  Sign in     {email}   password: {password}

In the browser: sign in, and let the agent call you with "Call me now". The sandbox plays the
call, so no phone rings. For a workspace of your own it has a page in the place of Vapi's, where
the server URL and the secret are entered: {sandbox}/sandbox/events-url

In a terminal: a lead goes in and is called: 201, and 409 when it is sent again. Seconds later the
lead is booked, and its page shows what was said.

{good}

A lead that Vapi refuses (the sandbox goes by the last two digits): 502.

{bad}

The key is shown now and never again; the next `make run` makes another. Ctrl-C stops everything.
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
        workspace = demo_workspace()
        key = new_key(workspace)
        children = start_children(port, workspace)
        try:
            wait_until_served(port, children)
            sandbox = os.environ.get("VAPI_BASE_URL") or f"http://127.0.0.1:{port + 1}"
            self.stdout.write(welcome(f"http://127.0.0.1:{port}", sandbox, key))
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
            "`make run` in a clone, or set VAPI_BASE_URL and CALCOM_BASE_URL to where one runs."
        )


def require_free(port: int) -> None:
    """Raise CommandError where something listens on a port that the demo needs."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CommandError(f"Port {port} is in use. Choose another: make run PORT=8100")


def demo_workspace() -> Workspace:
    """Return the demo workspace, made with its owner if there is none."""
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if workspace:
        return workspace
    workspace, owner = onboarding.create_workspace(
        slug=SLUG,
        name="Demo Studio",
        channel=Channel.VOICE,
        owner_email=EMAIL,
        vapi_account=ACCOUNT,
    )
    if owner:
        owner.set_password(PASSWORD)
        owner.save(update_fields=["password"])
    credentials.connect_calcom(workspace, CALENDAR)
    return workspace


def new_key(workspace: Workspace) -> str:
    """Return a fresh API key. Those of earlier runs that nobody used are revoked."""
    unused = ApiKey.objects.filter(workspace=workspace, name=KEY_NAME, last_used_at=None)
    unused.filter(revoked_at=None).update(revoked_at=timezone.now())
    creator = User.objects.filter(email=EMAIL).first()
    return api_keys.issue_key(workspace=workspace, name=KEY_NAME, created_by=creator)[1]


def start_children(port: int, workspace: Workspace) -> list[subprocess.Popen]:
    """Start sandbox, web server and worker, each as the process it would be anywhere.

    Ctrl-C reaches none of them: they are told to stop once, by us.
    """
    base, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    environment = {**os.environ, "PORT": str(port), "PUBLIC_BASE_URL": base}
    commands = [["-m", "gunicorn"], ["manage.py", "work"]]
    if not os.environ.get("VAPI_BASE_URL"):
        environment |= {"VAPI_BASE_URL": sandbox, "CALCOM_BASE_URL": f"{sandbox}/v2"}
        commands.insert(0, sandbox_command(port + 1, base, workspace))
    return [
        subprocess.Popen(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, process_group=0
        )
        for command in commands
    ]


def sandbox_command(port: int, base: str, workspace: Workspace) -> list[str]:
    """Return how the sandbox is started, so that it plays calls to the demo workspace."""
    url = base + reverse("vapi_events", args=[workspace.slug])
    secret = credentials.tool_secret(workspace)
    options = ["--events-url", url, f"--events-secret={secret}"]  # it may start with a dash
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


def welcome(base: str, sandbox: str, key: str) -> str:
    """Return what is printed once everything runs."""
    return WELCOME.format(
        base=base,
        sandbox=sandbox,
        slug=SLUG,
        email=EMAIL,
        password=PASSWORD,
        good=curl(base, key, "Jane Doe", ending="10"),
        bad=curl(base, key, "John Roe", ending="41"),
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
