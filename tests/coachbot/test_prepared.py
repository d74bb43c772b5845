"""Prepared queries: the same rows as the ORM's, without its work."""

import uuid

from django.db import connection
from django.test.utils import CaptureQueriesContext

from coachbot.prepared import PreparedQuery
from leads.models import Lead
from tests.factories import make_lead, make_workspace
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
