"""Who may report to a workspace: whoever has its tool secret, and nobody else."""

import pytest
import requests

from leads.models import Call
from tests.factories import make_cast
from tests.vapi_messages import Reporter, end_of_call_report
from workspaces.connections import own_secrets
from workspaces.models import LogEntry

WRONG = [
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic d3Jvbmc="},
    {"Authorization": "Bearer pässwort".encode("latin-1")},
    {"X-Vapi-Secret": "wrong"},
    {"X-Vapi-Secret": ""},
]


@pytest.mark.parametrize("path", ["events", "events/", "tools/listSlots"])
@pytest.mark.parametrize("headers", WRONG)
def test_wrong_secret_is_refused_and_nothing_is_written(cast, reporter, lead_id, headers, path):
    before = Call.objects.filter(lead_id=lead_id).values().get()
    rows = LogEntry.objects.filter(workspace=cast.workspace).count()

    response = reporter.send(end_of_call_report(cast.placed()[0]), headers=headers, path=path)

    assert response.status_code == 401
    assert response.json() == {"ok": False, "error": "Tool secret is invalid."}
    assert Call.objects.filter(lead_id=lead_id).values().get() == before
    assert LogEntry.objects.filter(workspace=cast.workspace).count() == rows


def test_missing_secret_is_named(reporter):
    response = reporter.send({"type": "hang"}, headers={})

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json() == {"ok": False, "error": "Missing Authorization header."}


@pytest.mark.parametrize("header", ["Authorization", "X-Vapi-Secret"])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  ", ""])
def test_secret_is_taken_from_either_header(cast, reporter, lead_id, header, scheme):
    headers = {header: f"{scheme}{reporter.secret}"}

    response = reporter.send(end_of_call_report(cast.placed()[0]), headers=headers)

    assert response.status_code == 200
    assert Call.objects.get(lead_id=lead_id).status == "ended"


def test_secret_of_another_workspace_is_refused(web, sandbox, cast, reporter, lead_id):
    other = own_secrets.tool_secret(make_cast(sandbox).workspace)
    headers = {"Authorization": f"Bearer {other}"}

    response = reporter.send(end_of_call_report(cast.placed()[0]), headers=headers)

    assert response.status_code == 401
    assert Call.objects.get(lead_id=lead_id).status == "in_progress"


def test_another_workspace_cannot_reach_the_call_by_its_ids(web, sandbox, cast, lead_id):
    stranger = Reporter(web.base_url, make_cast(sandbox).workspace)

    response = stranger.report(cast.placed()[0])

    assert response.status_code == 200
    assert Call.objects.get(lead_id=lead_id).status == "in_progress"


def test_unknown_workspace_answers_like_a_wrong_secret(web, cast, reporter):
    headers = {"Authorization": "Bearer wrong", "X-Request-Id": "same"}
    message = {"json": {"message": {"type": "hang"}}, "timeout": 10}

    known = reporter.send({"type": "hang"}, headers=headers)
    unknown = requests.post(f"{web.base_url}/api/vapi/no-such/events", headers=headers, **message)

    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    assert set(unknown.headers) == set(known.headers)


def test_renewed_secret_works_and_the_old_one_does_not(cast, reporter):
    old = reporter.secret
    new = own_secrets.renew_tool_secret(cast.workspace)

    answers = [
        reporter.send({"type": "hang"}, headers={"X-Vapi-Secret": secret}).status_code
        for secret in (old, new)
    ]

    assert answers == [401, 200]


def test_failed_secrets_are_limited_by_address(start_web, cast):
    web = start_web(FAILED_KEY_RATE_LIMIT="3/d", PUBLIC_API_RATE_LIMITS="100000/m")
    reporter = Reporter(web.base_url, cast.workspace)

    refused = [reporter.send({"type": "hang"}, headers={"X-Vapi-Secret": "x"}) for _ in range(4)]

    assert [response.status_code for response in refused] == [401, 401, 401, 429]
    assert int(refused[-1].headers["Retry-After"]) >= 1
    assert reporter.send({"type": "hang"}).status_code == 200


def test_other_methods_are_refused_in_the_envelope(reporter):
    headers = {"Authorization": f"Bearer {reporter.secret}"}

    response = requests.get(f"{reporter.base}/events", headers=headers, timeout=10)

    assert (response.status_code, response.headers["Allow"]) == (405, "POST, OPTIONS")
    assert response.json() == {"ok": False, "error": "Method not allowed."}
