"""python -m tests.fuzz: hold every answer of the API against /api/schema, 20,000 cases.

Starts a server and the sandbox, and lets Schemathesis make up requests, valid and invalid,
one by one and in sequences along the links of the description.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tests.conftest  # noqa: F401  the environment of the tests, and django.setup()

# isort: split
from django.core.management import call_command

from coachbot.sandbox.server import Sandbox
from tests.factories import Cast, make_cast
from tests.servers import ROOT, WebServer
from workspaces import credentials

CASES = 20_000
# Made-up phones end in all digits there are, and some make the sandbox silent: a server
# that waits as long as in production would make this take hours.
QUICK = {
    "PUBLIC_API_RATE_LIMITS": "10000000/h",
    "FAILED_KEY_RATE_LIMIT": "10000000/h",
    "VAPI_TIMEOUT": "0.3",
    "VAPI_SILENT_WORK": "0.2",
    "VAPI_LISTING_LAG": "0.2",
}
WORKERS = 2
CONFIGURATION = ROOT / "tests" / "schemathesis.toml"


def main() -> None:
    """Run as many cases as the first argument says; end with Schemathesis' exit code."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with Sandbox(port=0) as sandbox:
        web = WebServer(VAPI_BASE_URL=sandbox.base_url, **QUICK).start()
        try:
            # For each operation. Many random cases are repetitions, and dropped: of 10,000
            # examples 13,902 cases were left.
            run = fuzz(web.base_url, make_fuzzed_cast(sandbox), examples=wanted * 3 // 4)
        finally:
            web.stop()
    print(f"{run.cases} cases.")
    if run.cases < wanted:
        raise SystemExit(f"Only {run.cases} of {wanted} cases were run.")
    raise SystemExit(run.exit_code)


def make_fuzzed_cast(sandbox) -> Cast:
    """Make a workspace that may call as often as it is made to."""
    return make_cast(sandbox, daily_call_limit=10_000_000)


@dataclass(frozen=True)
class Run:
    """What Schemathesis did. cases: how many requests were made and checked."""

    exit_code: int
    cases: int


def fuzz(base_url: str, cast: Cast, *, examples: int, more: str = "") -> Run:
    """Run Schemathesis with all its checks. examples: random cases for each operation.

    more: further lines for its configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "schemathesis.toml"
        configuration.write_text(CONFIGURATION.read_text() + more)
        record = Path(folder) / "run.json"
        command = [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(configuration), "run", f"{base_url}/api/schema"),
            *("--url", base_url, "--checks", "all", "--no-color"),
            # A new lead has no recording: its 404 is right, and this check cannot know.
            *("--exclude-checks", "ensure_resource_availability"),
            *("--workers", str(WORKERS), "--max-examples", str(examples)),
            *("--report", "json", "--report-json-path", str(record)),
        ]
        process = subprocess.run(command, cwd=ROOT, env=environment(cast))
        if not record.exists():
            raise RuntimeError(f"Schemathesis ended with {process.returncode} before it began.")
        cases = json.loads(record.read_text())["test_cases"]["generated"]
        return Run(process.returncode, cases)


def environment(cast: Cast) -> dict[str, str]:
    return {
        **os.environ,
        "COACHBOT_API_KEY": cast.key,
        "COACHBOT_TOOL_SECRET": credentials.tool_secret(cast.workspace),
        "COACHBOT_SLUG": cast.workspace.slug,
    }


if __name__ == "__main__":
    main()
