"""Deleting a workspace in which much is going on: it goes, whatever is written meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection

from leads import status
from leads.models import Lead, StatusReason
from tests.factories import make_key, make_lead, make_user, make_webhook, make_workspace
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import ApiKey, WebhookDelivery, Workspace
from workspaces.settings import administration
from workspaces.webhooks import endpoints

WRITERS = 6
TURNS = (StatusReason.REACHED, StatusReason.AGENT_ESCALATED)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_workspace_goes_while_events_and_rows_are_written():
    workspace = make_workspace()
    make_key(workspace)
    endpoints.switch_on(make_webhook(workspace))
    Workspace.objects.filter(pk=workspace.pk).update(told_types="*")
    leads = [make_lead(workspace) for _ in range(WRITERS)]
    is_gone, written = threading.Event(), threading.Event()

    with ThreadPoolExecutor(WRITERS) as writers:
        writing = [writers.submit(write, lead, is_gone, written) for lead in leads]
        try:
            assert written.wait(30)
            administration.delete_workspace(workspace=workspace, by=make_user())
        finally:
            is_gone.set()
    for each in writing:
        each.result()

    assert not Workspace.objects.filter(slug=workspace.slug).exists()
    assert not Lead.objects.filter(pk__in=[lead.pk for lead in leads]).exists()
    assert not WebhookDelivery.objects.filter(endpoint__workspace=workspace.pk).exists()


def write(lead: Lead, is_gone: threading.Event, written: threading.Event) -> None:
    """Let leads move on and be written of until their workspace is gone, and add some while its
    API keys are good.
    """
    workspace = lead.workspace
    try:
        while not is_gone.is_set():
            with suppress(DatabaseError):  # what it belongs to is gone
                if ApiKey.objects.filter(workspace=workspace.pk).exists():
                    lead = make_lead(workspace)
                for because in TURNS:
                    status.move(lead.pk, because)
                record.action(workspace_id=workspace.pk, actor=None, action=Action.PAUSE)
                written.set()
    finally:
        connection.close()
