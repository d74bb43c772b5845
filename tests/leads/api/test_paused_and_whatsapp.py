"""POST /api/public/leads where nobody is dialled: a paused agent, a whatsapp workspace."""

import uuid
from contextlib import contextmanager

import pytest
from django.db import connection

from leads.models import Call, Lead
from tests.client import PATH, Api
from tests.factories import make_cast, make_key, make_phone, make_workspace
from workspaces.models import LogEntry


def client_of(web, workspace) -> Api:
    return Api(web.base_url, make_key(workspace))


def test_lead_of_a_paused_workspace_is_saved_and_not_called(web, sandbox):
    cast = make_cast(sandbox, is_paused=True)

    response = Api(web.base_url, cast.key).submit(name="Jane Doe")

    lead_id = response.json()["leadId"]
    assert response.status_code == 201
    assert response.json() == {
        "ok": True,
        "leadId": str(uuid.UUID(lead_id)),
        "status": "new",
        "callQueued": False,
    }
    assert response.headers["Location"] == f"{PATH}/{lead_id}"
    assert Lead.objects.get(pk=lead_id).name == "Jane Doe"
    assert not cast.placed() and not Call.objects.filter(lead_id=lead_id).exists()


def test_lead_of_a_whatsapp_workspace_that_is_not_connected_is_saved(web):
    workspace = make_workspace(channel="whatsapp")
    api = client_of(web, workspace)

    response = api.submit()

    lead_id = response.json()["leadId"]
    assert response.status_code == 201
    assert response.json() == {
        "ok": True,
        "leadId": lead_id,
        "status": "new",
        "messageQueued": False,
    }
    assert response.headers["Location"] == f"{PATH}/{lead_id}"
    assert not Call.objects.filter(lead_id=lead_id).exists()
    assert Lead.objects.get(pk=lead_id).held_because == "not_connected"


def test_paused_whatsapp_workspace_queues_nothing(web):
    api = client_of(web, make_workspace(channel="whatsapp", is_paused=True))

    body = api.submit().json()

    assert body == {"ok": True, "leadId": body["leadId"], "status": "new", "callQueued": False}


@pytest.mark.parametrize("settings", [{"is_paused": True}, {"channel": "whatsapp"}])
def test_lead_that_is_not_called_can_be_read_and_is_a_duplicate(web, settings):
    workspace = make_workspace(**settings)
    api, phone = client_of(web, workspace), make_phone()
    first = api.submit(phone=phone)

    second = api.submit(phone=phone)
    read = api.ask("GET", first.headers["Location"]).json()

    assert (second.status_code, second.json()["error"]) == (409, "duplicate_phone")
    assert second.headers["Location"] == first.headers["Location"]
    assert (read["lead"]["channel"], read["lead"]["status"]) == (workspace.channel, "new")
    assert read["voiceCall"] is None


def test_agent_that_is_woken_calls_the_next_lead(web, sandbox):
    cast = make_cast(sandbox, is_paused=True)
    api = Api(web.base_url, cast.key)
    api.submit()
    cast.workspace.is_paused = False
    cast.workspace.save()

    response = api.submit()

    assert response.json()["callQueued"] is True
    assert len(cast.placed()) == 1


def test_log_that_takes_no_rows_keeps_no_lead_out(web):
    workspace = make_workspace(channel="whatsapp")
    api, phone = client_of(web, workspace), make_phone()

    with log_closed_to(workspace):
        created, again = api.submit(phone=phone), api.submit(phone=phone)

    assert (created.status_code, again.status_code) == (201, 409)
    assert again.headers["Location"] == created.headers["Location"]
    assert workspace.leads.get().phone == phone
    assert not LogEntry.objects.filter(workspace=workspace).exists()


@contextmanager
def log_closed_to(workspace):
    """Let the database refuse the log rows of a workspace."""
    name, make, remove = f"closed_to_{workspace.pk}", POSTGRES_CLOSE, POSTGRES_OPEN
    if connection.vendor == "sqlite":
        make, remove = SQLITE_CLOSE, SQLITE_OPEN
    with connection.cursor() as cursor:
        cursor.execute(make.format(name=name, workspace=workspace.pk))
        try:
            yield
        finally:
            cursor.execute(remove.format(name=name))


POSTGRES_CLOSE = (
    "ALTER TABLE workspaces_logentry ADD CONSTRAINT {name} CHECK (workspace_id <> {workspace})"
)
POSTGRES_OPEN = "ALTER TABLE workspaces_logentry DROP CONSTRAINT {name}"
SQLITE_CLOSE = (
    "CREATE TRIGGER {name} BEFORE INSERT ON workspaces_logentry "
    "WHEN NEW.workspace_id = {workspace} BEGIN SELECT RAISE(ABORT, 'closed'); END"
)
SQLITE_OPEN = "DROP TRIGGER {name}"
