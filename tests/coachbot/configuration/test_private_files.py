"""Files with people's data or secrets, on a machine where others have accounts."""

import stat

import pytest

from tests.coachbot.configuration.test_env_file import clone
from tests.command_line import forked, manage

OPEN_DATABASE = "from django.db import connection; connection.ensure_connection()"
OPEN_QUEUE = "from coachbot.work import engine; engine.prepare()"


def mode(path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.fixture
def files(tmp_path):
    """A folder's SQLite files, by their suffix, with the settings that lead there."""
    return {
        "DATABASE_URL": f"sqlite:///{tmp_path}/coachbot.sqlite3",
        "WORK_QUEUE_PATH": f"{tmp_path}/queue.sqlite3",
        "REDIS_URL": "",
    }


def test_new_database_and_queue_are_for_their_owner(files, tmp_path):
    migrated = manage("migrate", "contenttypes", **files)
    manage("shell", "-v0", "-c", OPEN_QUEUE, **files)

    assert migrated.returncode == 0, migrated.stderr
    found = {path.name: mode(path) for path in tmp_path.iterdir()}
    assert found.keys() >= {"coachbot.sqlite3", "queue.sqlite3"}
    assert set(found.values()) == {"0o600"}


def test_files_of_an_older_release_are_closed(files, tmp_path):
    names = ["coachbot.sqlite3", "coachbot.sqlite3-wal", "queue.sqlite3"]
    for name in names:
        (tmp_path / name).touch(mode=0o644)

    manage("shell", "-v0", "-c", f"{OPEN_DATABASE}; {OPEN_QUEUE}", **files)

    assert {mode(path) for path in tmp_path.iterdir()} == {"0o600"}


@pytest.mark.parametrize(("permissions", "is_told"), [(0o644, True), (0o640, True), (0o600, False)])
def test_start_says_that_others_can_read_the_settings(tmp_path, permissions, is_told):
    place = clone(tmp_path / "coachbot", b"VAPI_TIMEOUT=7\n")
    (place / ".env").chmod(permissions)

    result = forked("-m", "coachbot.server.start", "1", cwd=place)

    assert result.returncode == 0
    assert (f"Run `chmod 600 {place}/.env`." in result.stderr) is is_told
