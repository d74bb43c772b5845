""".env.example: every setting that the code reads and none besides, alike to all who read it."""

import json
import os
import re
import shlex
import shutil
import subprocess

import pytest

from tests.command_line import run
from tests.servers import ROOT

READ = re.compile(r"""(?:\b(?:env|urls)\.\w+|\bsecret)\(\s*["']([A-Z_]+)["']""")
NOT_OURS = {"POSTGRES_PASSWORD", "HTTP_PORT", "HTTPS_PORT"}  # compose.yaml
EXAMPLE = (ROOT / ".env.example").read_text()
ASSIGNMENTS = re.findall(r"^# ([A-Z_]+=.*)$", EXAMPLE, re.MULTILINE)


def test_env_example_lists_every_setting():
    sources = [ROOT / "coachbot" / "settings.py", ROOT / "gunicorn.conf.py"]
    read = {name for source in sources for name in READ.findall(source.read_text())}

    assert {line.partition("=")[0] for line in ASSIGNMENTS} - NOT_OURS == read


@pytest.fixture(scope="module")
def filled_in(tmp_path_factory):
    """The example with all that it names, and secrets of the worst kind."""
    hard = {"SECRET_KEY": "$a b#c%d&e;f<g>(h)`i`!~*", "POSTGRES_PASSWORD": "/p@s#s %w$d"}
    lines = []
    for line in ASSIGNMENTS:
        name = line.partition("=")[0]
        lines.append(f"{name}='{hard[name]}'" if name in hard else line)
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text("\n".join(lines) + "\n")
    return path


def by_shell(shell: str, path) -> dict[str, str]:
    """What docs/operations.md does: `set -a; . file`."""
    script = f"set -a; . {shlex.quote(str(path))}; env -0"
    done = subprocess.run(
        [shell, "-euc", script], capture_output=True, text=True, env={}, check=True
    )
    return dict(pair.split("=", 1) for pair in done.stdout.split("\0") if "=" in pair)


def by_coachbot(path) -> dict[str, str]:
    look = (
        "import json, os, pathlib, sys; from coachbot.configuration import environment as e; "
        "e.load_file(pathlib.Path(sys.argv[1])); print(json.dumps(dict(os.environ)))"
    )
    done = run("-c", look, str(path), **dict.fromkeys(os.environ.keys() & names(path), ""))
    return json.loads(done.stdout)


def by_systemd(path) -> dict[str, str]:
    """EnvironmentFile=, systemd.exec(5): quotes as in a shell, nothing is expanded."""
    pairs = (line.split("=", 1) for line in path.read_text().splitlines())
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def by_compose(path) -> dict[str, str]:
    """env_file: of Docker Compose: single quotes are literal, else $ and ` #` mean something."""
    found = {}
    for line in path.read_text().splitlines():
        name, value = line.split("=", 1)
        if value.startswith("'"):
            value, rest = value[1:].split("'", 1)
            assert not rest.strip()
        else:
            assert not re.search(r"[$\"'\\]|\s#", value), line
        found[name] = value
    return found


def names(path) -> set[str]:
    return {line.split("=", 1)[0] for line in path.read_text().splitlines()}


READERS = {
    "sh": lambda path: by_shell("sh", path),
    "bash": lambda path: by_shell("bash", path),
    "systemd": by_systemd,
    "compose": by_compose,
    "coachbot": by_coachbot,
}


@pytest.mark.parametrize("reader", READERS)
def test_example_is_read_alike(filled_in, reader):
    expected = by_compose(filled_in)

    found = READERS[reader](filled_in)

    assert {name: found.get(name) for name in expected} == expected
    assert expected["SECRET_KEY"].startswith("$a b#c")
    assert expected["DEFAULT_FROM_EMAIL"] == "Coachbot <coachbot@coachbot.example>"


def test_server_can_start_with_what_the_example_names(filled_in):
    settings = {**by_compose(filled_in), "SECRET_KEY": "k" * 60}
    settings["ENCRYPTION_KEY"] = os.environ["ENCRYPTION_KEY"]

    result = run("-c", "import coachbot.settings", **settings)

    assert (result.returncode, result.stderr) == (0, "")


def docker_compose() -> list[str]:
    """Return how Docker Compose 2 or newer is called on this machine, or nothing."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            told = subprocess.run([*command, "version", "--short"], capture_output=True, text=True)
            if told.returncode == 0 and not told.stdout.startswith("1."):
                return command
    return []


@pytest.mark.skipif(not docker_compose(), reason="Docker Compose is not installed")
def test_docker_compose_reads_the_example_for_its_services(filled_in):
    shutil.copy(ROOT / "compose.yaml", filled_in.parent)
    done = subprocess.run(
        [*docker_compose(), "config", "--format", "json"],
        cwd=filled_in.parent,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    services = json.loads(done.stdout.replace("$$", "$"))["services"]
    found, expected = services["web"]["environment"], by_compose(filled_in)
    ours = {"DATABASE_URL", "REDIS_URL", "FORWARDED_ALLOW_IPS"}  # what compose.yaml sets itself
    assert {name: found[name] for name in expected.keys() - ours} == {
        name: expected[name] for name in expected.keys() - ours
    }
    assert found["PGPASSWORD"] == expected["POSTGRES_PASSWORD"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == found["PGPASSWORD"]
