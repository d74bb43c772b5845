"""What the tests of leads have in common."""

import json
import uuid
from dataclasses import dataclass

import pytest

from leads.calls import due
from leads.calls.placing import confirming
from leads.contact.planned import claims
from leads.models import Lead
from tests.factories import make_webhook, open_call
from tests.vapi_messages import Reporter, assistant_request, inbound_call
from workspaces.connections import credentials
from workspaces.models import WebhookEvent
from workspaces.webhooks import outbox


@pytest.fixture
def reporter(web, cast):
    """Vapi's side of the cast's workspace."""
    return Reporter(web.base_url, cast.workspace)


@pytest.fixture
def lead_id(api, cast):
    """A lead whose call is in progress; the call at Vapi is `cast.placed()[0]`."""
    return api.submit().json()["leadId"]


@pytest.fixture
def second_call():
    """Return a function that gives a lead another call, in progress; it returns Vapi's side."""

    def make(lead_id):
        lead = Lead.objects.get(pk=lead_id)
        call = open_call(lead, request_id="test")
        confirming.confirm(call, str(uuid.uuid4()))
        call.refresh_from_db()
        return {"id": call.vapi_call_id}

    return make


@pytest.fixture
def listen():
    """Return a function: have a workspace told of everything, and read what it was told so far."""

    def begin(workspace):
        endpoint = make_webhook(workspace)
        workspace.told_types = outbox.ALL
        workspace.save(update_fields=["told_types"])

        def events(lead_id=None):
            rows = WebhookEvent.objects.filter(deliveries__endpoint=endpoint)
            rows = rows.filter(lead_id=lead_id) if lead_id else rows
            return [json.loads(row.body) for row in rows.order_by("created_at", "sequence")]

        return events

    return begin


@dataclass
class Bell:
    """Rings the number of a workspace, as Vapi tells it."""

    reporter: Reporter
    assistant_id: str
    number_id: str

    def ring(self, number, *, at=None, id=None, **fields):
        """Ring from a number. Return the call, and what Vapi is answered."""
        call = inbound_call(number, at or self.number_id, id=id)
        response = self.reporter.send(assistant_request(call, **fields))
        assert response.status_code == 200, response.text
        return call, response.json()


@pytest.fixture
def bell_of(web):
    """Return a function that gives the bell of a cast."""

    def make(cast):
        account = credentials.vapi_account(cast.workspace.pk)
        reporter = Reporter(web.base_url, cast.workspace)
        return Bell(reporter, account.assistant_id, account.phone_number_id)

    return make


@pytest.fixture
def bell(bell_of, cast):
    """The bell of the cast's workspace."""
    return bell_of(cast)


@pytest.fixture
def work(settings, providers):
    """Return a function that does a worker's part: it makes what is due, and says how many."""
    for name, value in providers.items():
        setattr(settings, name, value)

    def make_due():
        found = claims.claim_due(100)
        for step_id in found:
            due.make_step.call_local(step_id)
        return len(found)

    return make_due
