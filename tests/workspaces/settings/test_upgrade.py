"""A release brings settings; workspaces that are there behave as before."""

import json
import re
import sqlite3

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.command_line import manage

ALL = "premium_rate,personal,shared_cost,satellite"


@pytest.fixture
def older(tmp_path):
    """Return the settings and the file of a database that is one migration behind the setting."""
    graph = MigrationLoader(None).disk_migrations
    [ours] = [m for (_, name), m in graph.items() if name.endswith("_allowed_number_types")]
    [(app, before)] = [parent for parent in ours.dependencies if parent[0] == "workspaces"]
    file = tmp_path / "older.sqlite3"
    settings = {"DATABASE_URL": f"sqlite:///{file}", "REDIS_URL": ""}
    assert manage("migrate", app, before, **settings).returncode == 0
    return settings, file


def test_workspace_that_exists_keeps_calling_every_kind_of_number(older):
    settings, file = older
    with sqlite3.connect(file) as database:
        database.create_function("regexp", 2, lambda form, text: bool(re.search(form, text)))
        database.execute(
            "INSERT INTO workspaces_workspace (slug, name, channel, is_paused, daily_call_limit,"
            " allowed_countries, created_at, updated_at)"
            " VALUES ('acme', 'Acme', 'voice', 0, 500, 'GB', '2026-01-01', '2026-01-01')"
        )

    migrated = manage("migrate", **settings)

    assert migrated.returncode == 0, migrated.stderr
    kept = json.loads(manage("workspace", "acme", **settings).stdout)
    assert (kept["allowed_number_types"], kept["allowed_countries"]) == (ALL, "GB")
