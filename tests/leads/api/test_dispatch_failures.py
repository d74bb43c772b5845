"""POST /api/public/leads where the call cannot be placed: 502, and nothing is left behind."""

import pytest

from coachbot.sandbox.vapi import answers
from leads.models import Call, Lead
from tests.client import Api
from tests.envelope import assert_error
from tests.factories import make_account, make_cast, make_key, make_phone, make_workspace
from tests.servers import free_port

FAILED = "voice_dispatch_failed"
HINT = "you may be using the private key instead of the public key, or vice versa."


def refusal(status, phrase, message):
    return f'{{"message":{message},"error":"{phrase}","statusCode":{status}}}'


def quoted(text):
    return f'"{text}"'


def assert_nothing_left(cast):
    assert not Lead.objects.filter(workspace=cast.workspace).exists()
    assert not Call.objects.filter(workspace=cast.workspace).exists()
    assert cast.placed() == []


@pytest.mark.parametrize(
    ("ending", "status", "text"),
    [
        ("40", 400, refusal(400, "Bad Request", f'["{answers.NOT_E164}"]')),
        ("43", 400, refusal(400, "Bad Request", quoted(answers.DAILY_LIMIT))),
        ("44", 401, refusal(401, "Unauthorized", quoted(f"Invalid Key. Hot tip, {HINT}"))),
        (
            "45",
            402,
            f'{{"statusCode":402,"message":"{answers.NO_BALANCE}",'
            '"reason":"insufficient_balance"}',
        ),
        ("46", 403, "error code: 1010"),
        ("47", 429, refusal(429, "Too Many Requests", '"Rate limit exceeded"')),
        ("48", 400, refusal(400, "Bad Request", quoted(answers.OVER_CONCURRENCY))),
        ("49", 400, refusal(400, "Bad Request", quoted(answers.TRIAL_ACCOUNT))),
    ],
)
def test_words_of_vapi_are_handed_on_and_the_lead_is_gone(api, cast, ending, status, text):
    phone = make_phone(ending)

    response = api.submit(phone=phone)

    assert_error(response, 502, FAILED, message=f"Vapi /call failed ({status}): {text}")
    assert_nothing_left(cast)


def test_missing_assistant_is_named(web, sandbox):
    account = make_account(assistant_id="00000000-0000-4000-8000-000000000001")
    api = Api(web.base_url, make_key(make_workspace(vapi_account=account)))
    text = (
        "Couldn't Get Assistant. `assistantId` 00000000-0000-4000-8000-000000000001 Does Not Exist."
    )

    response = api.submit()

    message = f"Vapi /call failed (400): {refusal(400, 'Bad Request', quoted(text))}"
    assert_error(response, 502, FAILED, message=message)


def test_key_that_vapi_does_not_know_is_refused_in_its_words(web):
    account = make_account(api_key="no-such-key")
    api = Api(web.base_url, make_key(make_workspace(vapi_account=account)))

    response = api.submit()

    assert response.status_code == 502
    assert response.json()["message"].startswith("Vapi /call failed (401): ")


def test_endless_refusal_is_cut(api, cast):
    phone = make_phone("39")

    response = api.submit(phone=phone)

    message = response.json()["message"]
    assert_error(response, 502, FAILED, message=message)
    assert message.startswith('Vapi /call failed (400): {"message":"xxx')
    assert len(message) < 1_100_000
    assert_nothing_left(cast)


@pytest.mark.parametrize("ending", ["83", "80"])
def test_same_phone_can_be_submitted_again_at_once(api, cast, ending):
    phone = make_phone(ending)

    refused = api.submit(phone=phone)
    accepted = api.submit(phone=phone)

    assert (refused.status_code, accepted.status_code) == (502, 201)
    assert [call.id for call in cast.placed()] == [accepted.json()["vapiCallId"]]


def test_refused_lead_cannot_be_read_and_is_no_duplicate(api, cast):
    phone = make_phone("41")

    statuses = [api.submit(phone=phone).status_code for _ in range(3)]

    assert statuses == [502, 502, 502]
    assert_nothing_left(cast)


def test_502_carries_no_location(api):
    assert "Location" not in api.submit(phone=make_phone("41")).headers


def test_workspace_without_vapi_is_told_so(web):
    workspace = make_workspace()
    api = Api(web.base_url, make_key(workspace))

    response = api.submit()

    message = "Vapi is not connected to this workspace. Enter the account in its settings."
    assert_error(response, 502, FAILED, message=message)
    assert not workspace.leads.exists()


def test_vapi_that_cannot_be_reached_is_named(start_web, cast):
    web = start_web(VAPI_BASE_URL=f"http://127.0.0.1:{free_port()}", PUBLIC_API_RATE_LIMITS="100/m")
    phone = make_phone()

    response = Api(web.base_url, cast.key).submit(phone=phone)

    message = "Vapi /call failed: the provider could not be reached."
    assert_error(response, 502, FAILED, message=message)
    assert_nothing_left(cast)


def test_phone_that_could_not_be_dialled_is_free_for_every_workspace(api, web, sandbox):
    phone = make_phone("83")
    api.submit(phone=phone)
    other = make_cast(sandbox)

    response = Api(web.base_url, other.key).submit(phone=phone)

    assert response.status_code == 502
    assert response.json()["message"].startswith("Vapi /call failed (400): ")
