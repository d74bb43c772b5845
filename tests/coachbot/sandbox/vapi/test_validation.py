"""POST /call refuses what Vapi refuses, before the digits are looked at."""

import pytest

from tests.coachbot.sandbox.vapi.client import E164, call_body

ZEROS = "00000000-0000-4000-8000-000000000001"
VIOLATIONS = [
    ({"metadata": {}}, "property metadata should not exist"),
    ({"name": "x" * 41}, "name must be shorter than or equal to 40 characters"),
    ({"name": 7}, "name must be a string"),
    ({"assistantId": "agent-7"}, "assistantId must be a UUID"),
    ({"phoneNumberId": "+14155550100"}, "phoneNumberId must be a UUID"),
    ({"customer": "Sam"}, "customer must be an object"),
    ({"customer": None}, "customer must be present"),
    ({"schedulePlan": {}}, "schedulePlan.earliestAt must be present"),
    (
        {"schedulePlan": {"earliestAt": "soon"}},
        "schedulePlan.earliestAt must be a valid ISO 8601 date string",
    ),
]
CUSTOMER_VIOLATIONS = [
    ({"number": "4155550199"}, E164),
    ({"number": "+0155550199"}, E164),
    ({"number": "+1 415 555 0199"}, E164),
    ({"number": "+1415555019912345"}, E164),
    ({"number": 14155550199}, "customer.number must be a string"),
    ({"number": None}, "customer.number must be present"),
    ({"name": "x" * 41}, "customer.name must be shorter than or equal to 40 characters"),
    ({"email": "x" * 41}, "customer.email must be shorter than or equal to 40 characters"),
    (
        {"externalId": "x" * 41},
        "customer.externalId must be shorter than or equal to 40 characters",
    ),
    ({"phone": "1"}, "customer.property phone should not exist"),
]
OVERRIDE_VIOLATIONS = [
    ({"model": {"provider": "openai"}}, "assistantOverrides.model.model must be present"),
    ({"model": {"model": "gpt-4o"}}, "assistantOverrides.model.provider must be present"),
    ({"metadata": []}, "assistantOverrides.metadata must be an object"),
    ({"colour": 1}, "assistantOverrides.property colour should not exist"),
    (
        {"maxDurationSeconds": 5},
        "assistantOverrides.maxDurationSeconds must not be less than 10",
    ),
    ({"server": {"url": ""}}, "assistantOverrides.server.url must be a valid URL"),
    (
        {"server": {"timeoutSeconds": 301}},
        "assistantOverrides.server.timeoutSeconds must not be greater than 300",
    ),
    (
        {"server": {"backoffPlan": {"maxRetries": 11}}},
        "assistantOverrides.server.backoffPlan.maxRetries must not be greater than 10",
    ),
]


def messages_of(response):
    assert response.status_code == 400
    assert response.json()["error"] == "Bad Request"
    return response.json()["message"]


@pytest.mark.parametrize("changes, message", VIOLATIONS)
def test_body_violation_is_named(client, changes, message):
    assert messages_of(client.call(**changes)) == [message]


@pytest.mark.parametrize("changes, message", CUSTOMER_VIOLATIONS)
def test_customer_violation_is_named(client, changes, message):
    customer = {**call_body()["customer"], **changes}

    assert messages_of(client.call(customer=customer)) == [message]


@pytest.mark.parametrize("overrides, message", OVERRIDE_VIOLATIONS)
def test_override_violation_is_named(client, overrides, message):
    assert messages_of(client.call(assistantOverrides=overrides)) == [message]


def test_all_violations_come_together(client):
    customer = {"number": "123", "name": "x" * 41}

    messages = messages_of(client.call(customer=customer, name="x" * 41, plan="a"))

    assert len(messages) == 4
    assert {E164, "property plan should not exist"} < set(messages)


def test_unknown_server_message_type_is_refused(client):
    overrides = {"serverMessages": ["end-of-call-report", "end-of-call"]}

    (message,) = messages_of(client.call(assistantOverrides=overrides))

    assert message.startswith("each value in assistantOverrides.serverMessages must be one of")


def test_array_in_variable_values_is_refused_in_our_own_words(client):
    overrides = {"variableValues": {"slots": {"free": ["09:00"]}}}

    (message,) = messages_of(client.call(assistantOverrides=overrides))

    assert message.startswith("sandbox: assistantOverrides.variableValues.slots.free is an array")


def test_batch_of_customers_is_refused_in_our_own_words(client):
    (message,) = messages_of(client.call(customers=[{"number": "+14155550199"}]))

    assert message.startswith("sandbox: customers is a property that Vapi takes")


def test_missing_assistant_is_refused(client):
    response = client.call(assistantId=ZEROS)

    expected = f"Couldn't Get Assistant. `assistantId` {ZEROS} Does Not Exist."
    assert messages_of(response) == expected


def test_missing_phone_number_is_refused(client):
    response = client.call(phoneNumberId=ZEROS)

    assert messages_of(response) == f"`phoneNumber` `{ZEROS}` does not exist"


def test_call_without_assistant_or_phone_number_is_refused(client):
    without_assistant = messages_of(client.call(assistantId=None))
    without_number = messages_of(client.call(phoneNumberId=None))

    assert without_assistant.startswith("Couldn't Get Assistant. Need Either `assistant`,")
    assert without_number.startswith("Couldn't Get Phone Number. Need Either `phoneNumberId`")


@pytest.mark.parametrize("body", ["{", '{"name": NaN}', "", "\xff"])
def test_body_that_is_not_json_is_refused(client, body):
    headers = {"Content-Type": "application/json"}

    response = client.request("POST", "/call", data=body.encode("latin-1"), headers=headers)

    assert messages_of(response).startswith("Body is not valid JSON")


def test_body_that_is_not_sent_as_json_counts_as_empty(client):
    response = client.request("POST", "/call", data=call_body())

    assert messages_of(response) == ["customer must be present"]


def test_full_body_is_accepted(client):
    customer = {"number": "+14155550199", "externalId": "x" * 40, "email": None}
    server = {"url": "https://app.test/hook", "timeoutSeconds": 20, "headers": {"X-A": "b"}}
    overrides = {
        "variableValues": {"slots": "[1]", "lead": {"name": "Sam"}},
        "server": server,
        "serverMessages": ["status-update", "end-of-call-report", "tool-calls"],
        "model": {"provider": "openai", "model": "gpt-4o", "temperature": 0.3},
        "maxDurationSeconds": 600,
    }

    response = client.call(name="x" * 40, customer=customer, assistantOverrides=overrides)

    assert response.status_code == 201
    assert response.json()["assistantOverrides"] == overrides


def test_number_without_e164_check_may_be_anything(client):
    customer = {"number": "100", "numberE164CheckEnabled": False}

    assert client.call(customer=customer).status_code == 201
