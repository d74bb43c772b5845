"""What the tests of calls have in common."""

import uuid

import pytest

from leads.calls import due, place
from leads.contact import steps
from leads.models import Lead
from tests.factories import open_call
from tests.vapi_messages import Reporter


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
        place.confirm(call, str(uuid.uuid4()))
        call.refresh_from_db()
        return {"id": call.vapi_call_id}

    return make


@pytest.fixture
def work(settings, providers):
    """Return a function that does a worker's part: it makes what is due, and says how many."""
    for name, value in providers.items():
        setattr(settings, name, value)

    def make_due():
        found = steps.claim_due(100)
        for step_id in found:
            due.make_step.call_local(step_id)
        return len(found)

    return make_due
