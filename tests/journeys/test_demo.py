"""What `make run` starts, used as its words say."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from urllib.parse import urljoin

import pytest
import requests

from tests.command_line import environment, manage
from tests.servers import ROOT, two_free_ports, wait_until

# A secret made by chance starts with a dash one time in 64.
PREPARE = """
from leads.management import demo
from workspaces.connections import credentials
from workspaces.models import CredentialKind
credentials.store(
    demo.calling(), CredentialKind.VAPI_TOOLS, {"secret": "-with-a-dash"}, last_four="dash"
)
"""


class Demo:
    """The demo as a process, with its output in a file."""

    def __init__(self, folder, **settings: str):
        self.log = folder / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_demo"],
                cwd=ROOT,
                env=environment(**settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "Ctrl-C stops everything." in self.log.read_text()

    def phone(self) -> str:
        """Return the page on which the lead's messages stand, where its words say it is."""
        url = re.search(r"http\S+/sandbox/phone", self.log.read_text())[0]
        return requests.get(url, timeout=20).text

    def submit(self, line: int) -> requests.Response:
        """Send what one of the curl lines that it printed would send."""
        lines = re.findall(r"^curl -i (?:.*\\\n)+.*", self.log.read_text(), re.MULTILINE)
        _, _, url, *options = shlex.split(lines[line].replace("\\\n", ""))
        headers = dict(header.split(": ") for header in options[1:4:2])
        return requests.post(url, headers=headers, data=options[5], timeout=20)

    def stop(self) -> int:
        """Press Ctrl-C. Return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def demo(tmp_path_factory, migrated):
    """The demo, for all tests of this file. written: what the third of its lines was answered,
    at once, as the lead takes most of a minute to book.
    """
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated, folder / "demo.sqlite3")
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "DEBUG": "1",
        "PUBLIC_API_RATE_LIMITS": "1000/m",
        "PORT": str(two_free_ports()),
        "REDIS_URL": "",
        "VAPI_BASE_URL": "",
        "CALCOM_BASE_URL": "",
        "TWILIO_BASE_URL": "",
        "TWILIO_MESSAGING_BASE_URL": "",
        "TWILIO_CONTENT_BASE_URL": "",
        "OPENAI_BASE_URL": "",
    }
    prepared = manage("shell", "-c", PREPARE, **settings)
    assert prepared.returncode == 0, prepared.stderr
    demo = Demo(folder, **settings)
    try:
        wait_until(demo.is_ready, "the demo to be ready")
        demo.written = demo.submit(2)
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()


def test_demo_answers_its_curl_lines_as_it_says_and_books_the_lead(demo):
    placed, again, refused = demo.submit(0), demo.submit(0), demo.submit(1)

    assert [placed.status_code, again.status_code, refused.status_code] == [201, 409, 502]
    wait_until(lambda: status_of_lead(placed) == "booked", "the sandbox to book the lead")


def test_demo_writes_to_the_lead_of_its_third_line_and_books_it(demo):
    written = demo.written

    assert (written.status_code, written.json()["messageQueued"]) == (201, True)
    wait_until(lambda: status_of_lead(written) == "booked", "the lead to book", 90)
    wait_until(lambda: "Booked for" in demo.phone(), "the lead to read that it is booked")
    assert "this is Demo Gym. You wrote to us about" in demo.phone()


def test_ctrl_c_ends_the_demo_without_a_traceback(demo):
    assert demo.stop() == 0, demo.log.read_text()
    assert "Traceback" not in demo.log.read_text()


def status_of_lead(placed: requests.Response) -> str:
    """Return what the lead that an answer tells of is now, read with the same key."""
    url = urljoin(placed.url, placed.headers["Location"])
    headers = {"Authorization": placed.request.headers["Authorization"]}
    return requests.get(url, headers=headers, timeout=20).json()["lead"]["status"]
