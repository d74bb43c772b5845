"""Prepared statements: the same rows as the ORM's, without its work."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coachbot.db.prepared import PreparedQuery
from leads.calls.placing import confirming
from leads.models import Call, Lead
from tests.factories import make_lead, make_workspace, open_call
from tests.servers import wait_until
from workspaces.models import ApiKey

lead_of = PreparedQuery(
    lambda workspace, lead: Lead.objects.select_related("workspace").filter(
        workspace=workspace, pk=lead
    ),
    Lead._meta.get_field("workspace"),
    Lead._meta.pk,
)


def test_row_is_the_instance_that_the_orm_gives():
    lead = make_lead(make_workspace(), metadata={"a": [1, None]}, email="jane@acme.com")

    found = lead_of.first(lead.workspace_id, lead.pk)

    expected = Lead.objects.select_related("workspace").get(pk=lead.pk)
    assert vars(found) | {"_state": None} == vars(expected) | {"_state": None}
    assert vars(found.workspace) | {"_state": None} == vars(expected.workspace) | {"_state": None}
    assert found._state.adding is False


def test_related_row_comes_in_the_same_query():
    lead = make_lead(make_workspace())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        slug = lead_of.first(lead.workspace_id, lead.pk).workspace.slug

    assert slug == lead.workspace.slug
    assert len(queries) == 1


def test_no_row_is_none():
    lead = make_lead(make_workspace())

    assert lead_of.first(lead.workspace_id + 1, lead.pk) is None
    assert lead_of.first(lead.workspace_id, uuid.uuid4()) is None


def test_missing_related_row_is_none():
    keys = PreparedQuery(
        lambda prefix: ApiKey.objects.select_related("workspace").filter(prefix=prefix),
        ApiKey._meta.get_field("prefix"),
    )
    prefix = uuid.uuid4().hex[:8]
    ApiKey.objects.create(name="orphan", prefix=prefix, digest=uuid.uuid4().hex * 2)

    assert keys.first(prefix).workspace is None


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no single rows")
def test_confirmation_locks_no_call_before_its_lead():
    """An event locks the lead and then the call: the other way round, both would wait for ever."""
    call = open_call(make_lead(make_workspace(), accepted_at=None), request_id="test")

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Lead.objects.select_for_update().get(pk=call.lead_id)
        confirmed = pool.submit(confirm, call)
        wait_until(is_anybody_waiting, "the confirmation to wait for the lead")
        free = Call.objects.select_for_update(nowait=True).get(pk=call.pk)

    confirmed.result()
    assert free.status == "dialing"
    assert Call.objects.get(pk=call.pk).status == "in_progress"
    assert Lead.objects.get(pk=call.lead_id).accepted_at


def confirm(call) -> None:
    confirming.confirm(call, f"vapi-{call.pk}")
    connection.close()


def is_anybody_waiting() -> bool:
    """Return whether a statement waits for another transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
