"""The receivers of /docs, run as their readers would, against what a worker really sends."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.db import transaction

from leads import events
from tests.factories import make_lead, make_workspace
from tests.receivers import make_endpoint
from tests.servers import ROOT, free_port, wait_until
from workspaces.models import WebhookAttempt, WebhookDelivery
from workspaces.webhooks import delivery, endpoints, keeping

SNIPPETS = ROOT / "coachbot" / "docs" / "snippets"
NODE = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """The command of each receiver, by its language; of Node with what npm has installed."""
    found = {"python": [sys.executable, str(SNIPPETS / "receive_events.py")]}
    if shutil.which("npm"):
        folder = tmp_path_factory.mktemp("node")
        for path in (NODE / "package.json", NODE / "package-lock.json"):
            shutil.copy(path, folder)
        install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=240)
        shutil.copy(SNIPPETS / "receive_events.mjs", folder)
        found["node"] = ["node", str(folder / "receive_events.mjs")]
    return found


class Program:
    """A receiver that runs. says: what it printed so far, line by line."""

    def __init__(self, command: list[str], secret: str, port: int, folder: Path):
        self.url, self.log = f"http://127.0.0.1:{port}/", folder / "printed"
        environment = {**os.environ, "COACHBOT_WEBHOOK_SECRET": secret, "PORT": str(port)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wait_until(self._answers, "the receiver to listen")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.post(self.url, data=b"{}", timeout=5).status_code == 401
        except requests.ConnectionError:
            return False

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.mark.parametrize("language", ["python", "node"])
def test_receiver_takes_what_is_right_once(language, commands, settings, tmp_path):
    if language not in commands:
        pytest.skip("npm is not installed, so receive_events.mjs was not run")
    settings.WEBHOOK_ALLOW_PRIVATE = True
    workspace, port = make_workspace(), free_port()
    endpoint, secret = make_endpoint(workspace, f"http://127.0.0.1:{port}/")
    lead = make_lead(workspace, name="Jürgen “Jay” 🙂", metadata={"a": [1.5, None]})
    workspace.refresh_from_db()
    program = Program(commands[language], secret, port, tmp_path)
    try:
        with transaction.atomic():
            events.lead_created(lead)
        endpoints.rotate(endpoint)  # signed by both from now on
        delivery.deliver.call_local(endpoint.pk)
        keeping.send_again(WebhookDelivery.objects.get(endpoint=endpoint))
        delivery.deliver.call_local(endpoint.pk)
        wait_until(lambda: program.lines(), "a line")
    finally:
        program.end()

    assert program.lines() == [f"lead.created {lead.pk} 1"]
    attempts = WebhookAttempt.objects.filter(delivery__endpoint=endpoint)
    assert [attempt.status_code for attempt in attempts] == [204, 204]
