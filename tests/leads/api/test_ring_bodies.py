"""Strange bodies where somebody rings, or is to be put through: always 200 and something to say."""

import random

import pytest

from tests.factories import make_lead
from tests.providers import ODD_VALUES
from tests.vapi_messages import assistant_request, inbound_call
from workspaces.connections import credentials

ODD = [value for value in ODD_VALUES if value != 10**400 and value != "\ud800"]
PLACES = [
    *(("call",), ("call", "id"), ("call", "type"), ("call", "customer"), ("call", "phoneNumberId")),
    *(
        ("call", "customer", "number"),
        ("customer",),
        ("customer", "number"),
        ("customer", "sipUri"),
    ),
    *(("phoneNumber",), ("phoneNumber", "id"), ("timestamp",), ("assistant",), ("artifact",)),
]


def put(message, path, value):
    *parents, name = path
    for parent in parents:
        message = message.setdefault(parent, {})
        if not isinstance(message, dict):
            return
    message[name] = value


def ring_of(cast, lead):
    account = credentials.vapi_account(cast.workspace.pk)
    return assistant_request(inbound_call(lead.phone, account.phone_number_id))


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("kind", ["assistant-request", "transfer-destination-request"])
def test_one_odd_field_is_borne(cast, reporter, path, kind):
    lead = make_lead(cast.workspace)

    for value in ODD:
        message = {**ring_of(cast, lead), "type": kind}
        put(message, path, value)
        response = reporter.send(message)

        assert response.status_code == 200, (path, value, response.text)
        assert set(response.json()) & {"assistantId", "destination", "error"}


def test_bodies_of_any_shape_are_borne(cast, reporter):
    lead, chance = make_lead(cast.workspace), random.Random(18)
    kinds = ["assistant-request", "transfer-destination-request", "status-update"]
    kinds += ["end-of-call-report", "tool-calls"]

    for _ in range(200):
        message = {**ring_of(cast, lead), "type": chance.choice(kinds)}
        for path in chance.sample(PLACES, chance.randint(0, 5)):
            put(message, path, chance.choice(ODD))
        response = reporter.send(message)

        assert response.status_code == 200, (message, response.text)
