"""python -m coachbot.sandbox: what it tells of itself, and that it needs no Django."""

import subprocess
import sys

import requests

from coachbot.sandbox.registry import PROVIDERS
from tests.command_line import environment, run
from tests.servers import ROOT

MODULE = ("-m", "coachbot.sandbox")
ADDRESSES = (
    *("VAPI_BASE_URL", "CALCOM_BASE_URL", "TWILIO_BASE_URL", "OPENAI_BASE_URL"),
    *("POST /sandbox/events-url", "/sandbox/phone"),
)
# As on a machine where nobody has set anything up.
BARE = {"DJANGO_SETTINGS_MODULE": "", "SECRET_KEY": "", "ENCRYPTION_KEY": "", "DATABASE_URL": ""}


def test_help_tells_of_every_option_and_every_row_of_every_table():
    result = run(*MODULE, "--help", **BARE)

    lines = {line.strip() for line in result.stdout.splitlines()}
    tables = [made.rows for _, made in PROVIDERS.values()]
    rows = {f"{digits or '..'}  {says}" for table in tables for digits, says in table}
    options = ("--host", "--port", "--quiet", "--events-url", "--events-secret", "--pace")
    options += ("--whatsapp-url", "--silent-leads", "--model-delay")
    assert result.returncode == 0, result.stderr
    assert rows <= lines
    for named in (*options, *ADDRESSES):
        assert named in result.stdout


def test_it_answers_as_each_provider():
    command = [sys.executable, *MODULE, "--port", "0", "--quiet"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(**BARE), stdout=subprocess.PIPE, text=True
    )
    try:
        base_url = process.stdout.readline().split()[-1]
        vapi = requests.get(f"{base_url}/assistant", headers=bearer("sandbox-x"), timeout=5)
        calcom = requests.get(f"{base_url}/v2/me", headers=bearer("cal_sandbox-x"), timeout=5)
        pair = ("AC1", "x")
        twilio = requests.get(f"{base_url}/2010-04-01/Accounts/AC1.json", auth=pair, timeout=5)
        openai = requests.get(f"{base_url}/v1/models", headers=bearer("sk-x"), timeout=5)
    finally:
        process.terminate()

    statuses = [answer.status_code for answer in (vapi, calcom, twilio, openai)]
    assert (statuses, process.wait(timeout=5)) == ([200] * 4, 0)
    process.stdout.close()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_it_loads_neither_django_nor_the_product():
    code = "import sys, coachbot.sandbox.__main__; print(*sys.modules)"

    loaded = run("-c", code, **BARE).stdout.split()

    ours = {name for name in loaded if name.startswith(("coachbot.", "workspaces", "leads"))}
    assert {name for name in ours if not name.startswith("coachbot.sandbox")} == set()
    assert "coachbot.sandbox.registry" in ours and "django" not in loaded
