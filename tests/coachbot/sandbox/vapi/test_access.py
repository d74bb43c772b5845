"""Who gets in, and what is not there."""

import requests
from urllib3.util import SKIP_HEADER

from tests.coachbot.sandbox.vapi.client import call_body


def test_request_without_key_is_refused(sandbox):
    response = requests.get(f"{sandbox.base_url}/call", timeout=2)

    assert response.status_code == 401
    assert response.json() == {
        "message": "Missing Authorization Header.",
        "error": "Unauthorized",
        "statusCode": 401,
    }


def test_key_that_is_not_a_sandbox_key_is_refused(client):
    response = client.get("/assistant", headers={"Authorization": "Bearer live-key"})

    assert response.status_code == 401
    assert response.json()["message"].startswith("Invalid Key. Hot tip, you may be using the")


def test_key_without_bearer_is_refused(client):
    response = client.get("/assistant", headers={"Authorization": client.key})

    assert response.status_code == 401


def test_client_without_user_agent_meets_cloudflare(client):
    # urllib3 puts its own name in unless told otherwise.
    for agent in (SKIP_HEADER, ""):
        response = client.get("/call", headers={"User-Agent": agent})

        assert (response.status_code, response.text) == (403, "error code: 1010")


def test_unknown_path_is_not_found_in_nest_style(client):
    response = client.request("PUT", "/calls?x=1")

    assert response.status_code == 404
    assert response.json() == {
        "message": "Cannot PUT /calls?x=1",
        "error": "Not Found",
        "statusCode": 404,
    }


def test_refused_requests_leave_the_connection_usable(sandbox):
    with requests.Session() as session:
        url = f"{sandbox.base_url}/call"
        first = session.post(url, json=call_body(), timeout=2)
        second = session.post(url, json=call_body(), timeout=2)

    assert [first.status_code, second.status_code] == [401, 401]


def test_huge_body_is_refused(client):
    response = client.call(name="x" * 1_100_000)

    assert response.status_code == 413


def test_assistants_are_listed_up_to_the_limit(client):
    assert len(client.get("/assistant").json()) == 2
    assert len(client.get("/assistant?limit=1").json()) == 1
    assert client.get("/assistant?limit=0").json() == []
    assert client.get("/assistant?limit=-1").status_code == 400


def test_assistant_and_phone_number_are_found_by_any_uuid(client):
    some_id = "5c1e7a52-6c1b-4d0e-9b3f-2f1f5b1c7a10"

    assert client.get(f"/assistant/{some_id}").json()["id"] == some_id
    number = client.get(f"/phone-number/{some_id}").json()
    assert (number["id"], number["provider"], number["status"]) == (some_id, "twilio", "active")


def test_zero_ids_and_strange_ids_are_not_found(client):
    for path in ("/assistant", "/phone-number"):
        for missing in ("00000000-0000-4000-8000-000000000001", "not-a-uuid"):
            response = client.get(f"{path}/{missing}")
            assert (response.status_code, response.json()["statusCode"]) == (404, 404)
