"""python -m tests.fuzz: hold every answer of the API against /api/schema, 20,000 cases.

Starts a server and the sandbox, and lets Schemathesis make up requests, valid and invalid,
one by one and in sequences along the links of the description. In rounds, each with a seed of
its own: Schemathesis remembers all that it made up, and gets slower with each case.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import tests.conftest  # noqa: F401  the environment of the tests, and django.setup()

# isort: split
import requests
from django.core.management import call_command

from coachbot.sandbox.server import Sandbox
from leads.intake_addresses import tokens
from tests.factories import Cast, make_cast
from tests.leads.intake_addresses.forms import BY_NAME, make_address
from tests.servers import ROOT, WebServer
from tests.strict import strict
from workspaces.connections import own_secrets

# Random cases for each operation in a round, and rounds at once: most of them is waiting
# for a Vapi that is silent.
EXAMPLES, ROUNDS_AT_ONCE = 1_000, 4
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# Made-up phones end in all digits there are, and some make the sandbox silent: a server
# that waits as long as in production would make this take hours.
QUICK = {
    "PUBLIC_API_RATE_LIMITS": "10000000/h",
    "INTAKE_RATE_LIMITS": "10000000/h",
    "FAILED_KEY_RATE_LIMIT": "10000000/h",
    "VAPI_TIMEOUT": "0.3",
    "VAPI_SILENT_WORK": "0.2",
    "VAPI_LISTING_LAG": "0.2",
}
WORKERS = 2
CONFIGURATION = ROOT / "tests" / "schemathesis.toml"


def main() -> None:
    """Run at least so many cases, or until one fails. End with Schemathesis' exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    wanted = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with Sandbox(port=0) as sandbox:
        web = WebServer(VAPI_BASE_URL=sandbox.base_url, **QUICK).start()
        try:
            cast = make_fuzzed_cast(sandbox)
            raise SystemExit(fuzz_rounds(web.base_url, cast, wanted.cases, wanted.seed))
        finally:
            web.stop()


def fuzz_rounds(base_url: str, cast: Cast, wanted: int, seed: int) -> int:
    """Fuzz round after round, several at once. Return the exit code of one that fails, else 0."""
    runs = []
    with ThreadPoolExecutor(ROUNDS_AT_ONCE) as pool:
        while sum(run.cases for run in runs) < wanted and not any(run.exit_code for run in runs):
            seeds = range(seed + len(runs), seed + len(runs) + ROUNDS_AT_ONCE)
            # What follows from the description alone is the same in each round: once is enough.
            rounds = [(one, PHASES if one == seed else PHASES[2:]) for one in seeds]
            runs += pool.map(
                lambda one: fuzz(base_url, cast, examples=EXAMPLES, seed=one[0], phases=one[1]),
                rounds,
            )
    failed = [run for run in runs if run.exit_code]
    cases = sum(run.cases for run in runs)
    print(f"{cases} cases in {len(runs)} rounds, {len(failed)} of them with failures.")
    return failed[0].exit_code if failed else 0


def make_fuzzed_cast(sandbox) -> Cast:
    """Make a workspace that may call as often as it is made to."""
    return make_cast(sandbox, daily_call_limit=10_000_000)


@dataclass(frozen=True)
class Run:
    """What Schemathesis did. cases: how many requests were made and checked."""

    exit_code: int
    cases: int


def fuzz(
    base_url: str,
    cast: Cast,
    *,
    examples: int,
    seed: int = 1,
    phases: tuple[str, ...] = PHASES,
    more: str = "",
) -> Run:
    """Run Schemathesis with all its checks. examples: random cases for each operation.

    phases: of Schemathesis. more: further lines for its configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "schemathesis.toml"
        configuration.write_text(CONFIGURATION.read_text() + more)
        record = Path(folder) / "run.json"
        command = [
            *(sys.executable, "-m", "schemathesis.cli"),
            *(
                "--config-file",
                str(configuration),
                "run",
                str(strict_description(base_url, folder)),
            ),
            *("--url", base_url, "--checks", "all", "--no-color"),
            # A new lead has no recording: its 404 is right, and this check cannot know.
            *("--exclude-checks", "ensure_resource_availability"),
            *("--workers", str(WORKERS), "--max-examples", str(examples)),
            *("--seed", str(seed), "--phases", ",".join(phases)),
            *("--report", "json", "--report-json-path", str(record)),
        ]
        process = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(cast, seed),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        print(process.stdout, flush=True)  # in one piece, as others may run beside it
        if not record.exists():
            raise RuntimeError(f"Schemathesis ended with {process.returncode} before it began.")
        cases = json.loads(record.read_text())["test_cases"]["generated"]
        return Run(process.returncode, cases)


def strict_description(base_url: str, folder: str) -> Path:
    """Write the description with schemas that say to the letter what is taken and answered."""
    described = requests.get(f"{base_url}/api/schema", timeout=30).json()
    described["components"]["schemas"] = strict(described["components"]["schemas"])
    for operations in described["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                tell_errors_apart(response.get("content", {}).get("application/json", {}))
    path = Path(folder) / "strict.json"
    path.write_text(json.dumps(described))
    return path


def tell_errors_apart(body: dict) -> None:
    """Let a response have no other errors than those of its examples, which are named by them."""
    error = {"$ref": "#/components/schemas/Error"}
    if body.get("schema") == error:
        named = {"properties": {"error": {"enum": list(body["examples"])}}}
        body["schema"] = {"allOf": [error, named]}


def environment(cast: Cast, seed: int) -> dict[str, str]:
    return {
        **os.environ,
        "COACHBOT_FUZZ_SEED": str(seed),
        "COACHBOT_API_KEY": cast.key,
        "COACHBOT_TOOL_SECRET": own_secrets.tool_secret(cast.workspace),
        "COACHBOT_SLUG": cast.workspace.slug,
        "COACHBOT_INTAKE_TOKEN": tokens.show(make_address(cast.workspace, mapped=BY_NAME)),
    }


if __name__ == "__main__":
    main()
