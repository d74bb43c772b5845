"""A clone with a `.env`, wherever it lies, as an operator starts it."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.command_line import forked
from tests.servers import ROOT

PROGRAM = ("coachbot", "leads", "workspaces", "templates", "manage.py", "gunicorn.conf.py")
MARK = "Sup3rS3cret"
OPEN_DATABASE = "from django.db import connection; connection.ensure_connection()"


def clone(folder, env: bytes | None = None):
    """Put Coachbot and a `.env` into a folder. Return the folder."""
    folder.mkdir()
    for name in PROGRAM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    if env is not None:
        (folder / ".env").write_bytes(env)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One clone, whose `.env` each test writes anew."""
    return clone(tmp_path_factory.mktemp("clones") / "coachbot", b"")


def manage(folder, *arguments: str, **settings: str):
    return forked("manage.py", *arguments, cwd=folder, **settings)


def test_clone_may_lie_in_a_folder_of_any_name(tmp_path):
    names = ["a+b", "50%20off", "c#demo", "d e", "what?", "ü"]

    def start(name):
        folder = clone(tmp_path / name)
        done = manage(folder, "shell", "-v0", "-c", OPEN_DATABASE, DATABASE_URL="", DEBUG="1")
        return (folder / "coachbot.sqlite3").exists(), done.stderr

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(start, names)) == [(True, "")] * len(names)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        (f"DEBUG=0\nSECRET_KEY = {MARK}\n".encode(), "Line 2 of .env cannot be read. Write NAME="),
        (f"SECRET_KEY: {MARK}\n".encode(), "Line 1 of .env cannot be read. Write NAME="),
        (f"# \xfc\nSECRET_KEY={MARK}\n".encode("latin-1"), ".env cannot be read. Write it in UTF"),
        (f"TRUSTED_PROXIES={MARK}\n".encode(), "TRUSTED_PROXIES cannot be read. Write a whole"),
        (f"WEB_CONCURRENCY={MARK}\n".encode(), "WEB_CONCURRENCY cannot be read. Write a whole"),
        (f"FORWARDED_ALLOW_IPS={MARK}\n".encode(), "FORWARDED_ALLOW_IPS cannot be read. Write"),
    ],
)
def test_line_that_cannot_be_read_is_one_sentence(place, env, sentence):
    (place / ".env").write_bytes(env)

    result = forked("-m", "gunicorn", cwd=place, PORT="0", TRUSTED_PROXIES="")

    said = result.stdout + result.stderr
    assert result.returncode != 0
    [line] = [line for line in said.splitlines() if "cannot start" in line]
    assert f"Coachbot cannot start: {sentence}" in line
    assert "Traceback" not in said and MARK not in said


def test_file_is_read_as_editors_of_any_system_write_it(place):
    lines = ["\ufeff# first", "  export CALLS_IN_FLIGHT=3", "", "\t# more", "VAPI_TIMEOUT='7' "]
    (place / ".env").write_bytes("\r\n".join(lines).encode())
    look = "from django.conf import settings as s; print(s.CALLS_IN_FLIGHT, s.VAPI_TIMEOUT)"

    result = manage(place, "shell", "-v0", "-c", look)

    assert (result.stdout.strip(), result.stderr) == ("3 7.0", "")


def test_environment_goes_before_the_file_and_the_file_before_the_default(place):
    (place / ".env").write_text("CALLS_IN_FLIGHT=3\nCALLS_WAITING=4\n")
    look = "from django.conf import settings as s; print(s.CALLS_IN_FLIGHT, s.CALLS_WAITING)"

    result = manage(place, "shell", "-v0", "-c", look, CALLS_IN_FLIGHT="5")

    assert result.stdout.strip() == "5 4"
