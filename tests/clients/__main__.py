"""python -m tests.clients: can people's generators use /api/schema, and do their clients work?

Generates clients from the description of a running server, runs each of them against it, lints
the description, and runs the snippets of /docs in all languages. Nothing is skipped: a program
that is missing is a failure. Packages come from PyPI, npm and Debian, into var/clients.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tests.conftest  # noqa: F401  the environment of the tests, and django.setup()

# isort: split
import requests
from django.core.management import call_command

from coachbot.sandbox.server import Sandbox
from tests.coachbot.docs.snippets.programs import COMMANDS, version_of
from tests.factories import make_cast, make_key, make_phone
from tests.servers import ROOT, WebServer

HERE, WORK = ROOT / "tests" / "clients", ROOT / "var" / "clients"
PYTHON, NODE = WORK / "venv" / "bin" / "python", WORK / "node_modules" / ".bin"
SCHEMA = WORK / "schema.json"
# What a client gets: create, read, a bad number, the same again, too often, a refused call.
EXPECTED = ["201", "200", "400", "409", "429", "502"]
TIMEOUT = 600
CONFIG = """
export default {
  input: "schema.json",
  output: { path: "hey-api", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch", "zod", { name: "@hey-api/sdk", validator: true }],
};
"""
TSCONFIG = {
    "compilerOptions": {
        **{"target": "es2022", "module": "nodenext", "moduleResolution": "nodenext"},
        **{"strict": True, "skipLibCheck": True, "outDir": "built", "types": ["node"]},
    },
    "files": ["use_hey_api.ts", "use_openapi_typescript.ts"],
}


class Failed(Exception):
    """A step did not work; `str()` says what it printed."""


def run(*command, cwd: Path = WORK, environment: dict | None = None, **more: str) -> str:
    """Run a command. Return what it printed; raises Failed where it did not end well.

    environment: in place of this process's. more: further variables.
    """
    command = [str(part) for part in command]
    if not shutil.which(command[0]):
        raise Failed(f"{command[0]} is not installed.")
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**(environment or os.environ), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
    )
    if done.returncode:
        raise Failed(done.stdout[-3_000:])
    return done.stdout


def use(*command, **environment: str) -> None:
    """Run a program that uses a client; raises Failed where the client gets other statuses."""
    told = run(*command, **environment).split()
    if told != EXPECTED:
        raise Failed(f"Expected {EXPECTED}, got {told}")


def install() -> None:
    """Install the generators, what their clients need, and the linters."""
    WORK.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", WORK / "venv")
    run(PYTHON, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, WORK)
    run("npm", "ci", "--no-fund", "--no-audit", "--silent")
    for program in HERE.glob("use_*"):
        shutil.copy(program, WORK)


def generate_by_jar(language: str) -> Path:
    """Let openapi-generator make a client. Return its folder."""
    [jar] = (WORK / "venv").rglob("openapi-generator.jar")
    folder = WORK / language
    shutil.rmtree(folder, ignore_errors=True)
    run("java", "-jar", jar, "generate", "-i", SCHEMA, "-g", language, "-o", folder)
    return folder


def python_by_openapi_generator(environment) -> None:
    folder = generate_by_jar("python")
    use(PYTHON, "use_openapi_generator.py", PYTHONPATH=str(folder), **environment)


def php_by_openapi_generator(environment) -> None:
    folder = generate_by_jar("php")
    use("php", "use_php.php", CLIENT=str(folder), **environment)


def openapi_python_client(environment) -> None:
    shutil.rmtree(WORK / "coachbot_client", ignore_errors=True)
    command = [PYTHON.parent / "openapi-python-client", "generate", "--path", SCHEMA]
    path = f"{PYTHON.parent}:{os.environ['PATH']}"
    told = run(
        *command,
        "--meta",
        "none",
        "--output-path",
        WORK / "coachbot_client",
        "--fail-on-warning",
        PATH=path,
    )
    if "Warning" in told:
        raise Failed(told)
    use(PYTHON, "use_openapi_python_client.py", **environment)


def build_typescript() -> None:
    (WORK / "openapi-ts.config.mjs").write_text(CONFIG)
    (WORK / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    run(NODE / "openapi-ts", "-f", "openapi-ts.config.mjs")
    run(NODE / "openapi-typescript", SCHEMA, "-o", "schema.d.ts")
    run(NODE / "tsc", "--project", "tsconfig.json")


def hey_api(environment) -> None:
    build_typescript()
    use("node", "built/use_hey_api.js", **environment)


def openapi_typescript(environment) -> None:
    use("node", "built/use_openapi_typescript.js", **environment)


def redocly(environment) -> None:
    told = run(NODE / "redocly", "lint", "--format", "json", SCHEMA, REDOCLY_TELEMETRY="off")
    found = json.loads(told[told.index("{") : told.rindex("}") + 1])
    if found["problems"]:
        raise Failed(json.dumps(found["problems"], indent=1)[:3_000])


def spectral(environment) -> None:
    (WORK / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    run(NODE / "spectral", "lint", SCHEMA, "--fail-severity", "hint")


def snippets(environment) -> None:
    # Without what the tests of this process have set: those of the other set their own.
    mine = {name: os.environ[name] for name in ("PATH", "HOME", "CHROMIUM") if name in os.environ}
    told = run(
        *(sys.executable, "-m", "pytest", "-q", "tests/coachbot/docs/snippets"),
        cwd=ROOT,
        environment={**mine, "TEST_BACKEND": "postgres"},
    )
    if "skipped" in told:
        raise Failed(told[-3_000:])
    for language in COMMANDS:
        print(f"        {version_of(language)}", flush=True)


CHECKS: dict[str, Callable] = {
    "openapi-generator 7.26.0, Python": python_by_openapi_generator,
    "openapi-python-client 0.29.0": openapi_python_client,
    "@hey-api/openapi-ts 0.95.0 with zod": hey_api,
    "openapi-typescript 7.13.0": openapi_typescript,
    "openapi-generator 7.26.0, PHP": php_by_openapi_generator,
    "redocly 2.77.0: no error, no warning": redocly,
    "spectral 6.16.3 (oas): no error, no warning": spectral,
    "snippets of /docs, six languages": snippets,
}


@contextmanager
def servers() -> Iterator[Callable[[], dict[str, str]]]:
    """Start a server, and one whose limit is used up. Yield what makes a program's environment."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with Sandbox(port=0, pace=0) as sandbox:
        settings = {"VAPI_BASE_URL": sandbox.base_url}
        web = WebServer(**settings, PUBLIC_API_RATE_LIMITS="10000/m").start()
        limited = WebServer(**settings, PUBLIC_API_RATE_LIMITS="1/d").start()
        SCHEMA.write_text(requests.get(f"{web.base_url}/api/schema", timeout=30).text)
        cast = make_cast(sandbox)

        def environment() -> dict[str, str]:
            key = make_key(cast.workspace)
            headers = {"Authorization": f"Bearer {key}"}
            requests.get(f"{limited.base_url}/api/public/leads/x", headers=headers, timeout=30)
            return {
                "COACHBOT_URL": web.base_url,
                "LIMITED_URL": limited.base_url,
                "COACHBOT_API_KEY": key,
                "PHONE": make_phone(),
                "REFUSED_PHONE": make_phone("41"),
            }

        try:
            yield environment
        finally:
            web.kill()
            limited.kill()


def main() -> int:
    """Run every check. Print a line for each, and return how many failed."""
    install()
    failed = 0
    with servers() as environment:
        for name, check in CHECKS.items():
            try:
                check(environment())
                print(f"passed  {name}", flush=True)
            except Failed as error:
                failed += 1
                print(f"FAILED  {name}\n{error}", flush=True)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
