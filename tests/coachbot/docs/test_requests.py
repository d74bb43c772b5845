"""The requests that /docs shows in six languages, run as they stand there."""

import os
import re
import subprocess

import pytest

from coachbot.docs import pages
from tests.coachbot.docs.snippets.programs import COMMANDS, is_installed
from tests.factories import make_cast, make_key, make_lead

# By the suffix: what highlighters call it, and the command that runs a file of it.
RUNS = {
    "sh": ("bash", ["bash"]),
    "py": ("python", [COMMANDS["py"][0]]),
    "mjs": ("javascript", ["node"]),
    "php": ("php", ["php"]),
    "rb": ("ruby", ["ruby"]),
    "go": ("go", ["go", "run"]),
}


@pytest.fixture(params=RUNS)
def run(request, web, sandbox, settings, tmp_path):
    """Return a function that runs a page's request with a key, as (status, output).

    lead: whose id stands for the page's LEAD_ID. which: of several on the page.
    """
    suffix = request.param
    if not is_installed(suffix):
        pytest.skip(f"{COMMANDS[suffix][0]} is not installed")
    settings.PUBLIC_BASE_URL = web.base_url
    language, command = RUNS[suffix]

    def send(page: str, key: str, lead=None, which=0) -> tuple[int, str]:
        text = pages.text_of(pages.BY_NAME[page])
        code = re.findall(rf"```{language}\n((?:(?!```).)*/api/public/.*?)```", text, re.DOTALL)
        file = tmp_path / f"request.{suffix}"
        file.write_text(code[which].replace("LEAD_ID", str(lead and lead.pk)))
        done = subprocess.run(
            [*command, str(file)],
            env={**os.environ, "COACHBOT_API_KEY": key},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return int(re.search(r"\b[1-5]\d\d\b", done.stdout)[0]), done.stdout

    return send


@pytest.fixture
def full(sandbox):
    """A workspace, and a key that may do everything."""
    cast = make_cast(sandbox)
    return cast.workspace, make_key(cast.workspace, preset="full")


@pytest.mark.parametrize("page", ["", "submit-lead"])
def test_lead_is_submitted(run, full, page):
    workspace, key = full

    status, said = run(page, key)

    assert status == 201
    assert str(workspace.leads.get().pk) in said


def test_lead_is_read_listed_and_erased(run, full):
    workspace, key = full
    lead = make_lead(workspace, status="booked")

    for page, which, expected in (("read-lead", 0, 200), ("list-leads", 0, 200)):
        status, said = run(page, key, lead, which)
        assert status == expected
        assert str(lead.pk) in said
    assert run("list-leads", key, lead, which=-1)[0] == 204
    assert not workspace.leads.exists()
