"""GET /api/public/leads/<id>/recording: who asks is checked, then it leads to a fresh link."""

import uuid

import pytest
import requests

from tests.client import Api
from tests.factories import make_account, make_cast
from tests.windows import make_limited_api
from workspaces.connections import credentials
from workspaces.models import Credential


def ask(api, lead_id, **request):
    path = f"/api/public/leads/{lead_id}/recording"
    return api.ask("GET", path, allow_redirects=False, **request)


@pytest.fixture
def recorded(cast, reporter, lead_id):
    """A lead whose call has a recording."""
    reporter.report(cast.placed()[0])
    return lead_id


def test_url_in_the_lead_is_ours_and_complete(api, recorded):
    url = api.read(recorded).json()["voiceCall"]["recordingUrl"]

    assert url == f"http://127.0.0.1/api/public/leads/{recorded}/recording"


def test_call_without_a_recording_has_no_url(api, lead_id):
    assert api.read(lead_id).json()["voiceCall"]["recordingUrl"] is None


def test_key_leads_to_a_fresh_link_that_plays(api, recorded):
    first, second = (ask(api, recorded) for _ in range(2))

    sound = requests.get(first.headers["Location"], timeout=10)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Cache-Control"] == "no-store"
    assert (sound.status_code, sound.headers["Content-Type"]) == (200, "audio/wav")


def test_missing_and_wrong_keys_are_refused(web, api, recorded):
    url = f"{web.base_url}/api/public/leads/{recorded}/recording"

    assert requests.get(url, timeout=10).status_code == 401
    assert ask(Api(web.base_url, "ck_live_" + "0" * 32), recorded).status_code == 401


def test_key_of_another_workspace_finds_no_lead(web, sandbox, recorded):
    stranger = Api(web.base_url, make_cast(sandbox).key)

    response = ask(stranger, recorded)

    assert (response.status_code, response.json()["error"]) == (404, "Lead not found.")


@pytest.mark.parametrize("lead_id", ["x", uuid.uuid4()])
def test_unknown_lead_is_not_found(api, lead_id):
    response = ask(api, lead_id)

    assert response.json() == {"ok": False, "error": "Lead not found."}


def test_lead_without_a_recording_says_so(api, lead_id):
    response = ask(api, lead_id)

    assert response.status_code == 404
    assert response.json()["error"] == "Recording not found."


def test_recording_that_vapi_holds_no_longer_is_not_found(api, cast, recorded):
    credentials.connect_vapi(cast.workspace, make_account())  # it knows nothing of the call

    response = ask(api, recorded)

    assert (response.status_code, response.json()["error"]) == (404, "Recording not found.")


def test_vapi_out_of_reach_is_told_apart(api, cast, recorded):
    Credential.objects.filter(workspace=cast.workspace, kind="vapi").delete()

    response = ask(api, recorded)

    assert (response.status_code, response.json()["error"]) == (502, "recording_unavailable")
    assert "Vapi is not connected" in response.json()["message"]


def test_recording_counts_in_the_keys_rate_limit(start_web, cast, recorded):
    web = start_web(PUBLIC_API_RATE_LIMITS="3/m,100/h", FAILED_KEY_RATE_LIMIT="100000/m")
    api = make_limited_api(web, cast.workspace)

    statuses = [ask(api, recorded).status_code for _ in range(4)]

    assert statuses == [302, 302, 302, 429]
