"""A log row that the database refuses costs the log row, and neither lead nor call."""

import pytest
from django.db import connection

from tests.client import Api
from tests.factories import make_cast
from workspaces.models import LogEntry

# A refusal that concerns the rows of one workspace only.
REFUSE = {
    "postgresql": (
        "ALTER TABLE workspaces_logentry ADD CONSTRAINT no_rows CHECK (workspace_id <> {id})",
        "ALTER TABLE workspaces_logentry DROP CONSTRAINT no_rows",
    ),
    "sqlite": (
        "CREATE TRIGGER no_rows BEFORE INSERT ON workspaces_logentry "
        "WHEN NEW.workspace_id = {id} BEGIN SELECT RAISE(ABORT, 'no rows'); END",
        "DROP TRIGGER no_rows",
    ),
}


@pytest.fixture
def unloggable(sandbox):
    """Return a function that makes a cast of whose workspace the log takes no row."""
    begin, end = REFUSE[connection.vendor]

    def make(**fields):
        cast = make_cast(sandbox, **fields)
        with connection.cursor() as cursor:
            cursor.execute(begin.format(id=cast.workspace.pk))
        return cast

    yield make
    with connection.cursor() as cursor:
        cursor.execute(end)


@pytest.mark.parametrize(
    ("is_paused", "status", "dials"), [(True, "new", 0), (False, "in_progress", 1)]
)
def test_lead_is_taken_in_and_called_once_without_its_log_row(
    web, unloggable, is_paused, status, dials
):
    cast = unloggable(is_paused=is_paused)

    response = Api(web.base_url, cast.key).submit()

    assert (response.status_code, response.json()["status"]) == (201, status)
    lead = cast.workspace.leads.accepted().get()
    assert str(lead.pk) == response.json()["leadId"]
    assert [call.status for call in lead.calls.all()] == ["in_progress"] * dials
    assert len(cast.placed()) == dials
    assert not LogEntry.objects.filter(workspace=cast.workspace).exists()
