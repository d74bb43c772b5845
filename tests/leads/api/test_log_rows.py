"""What requests leave in the log of a workspace, and what never gets into it."""

import json

import pytest

from tests.client import PATH, Api
from tests.factories import make_cast, make_key, make_lead, make_phone
from tests.windows import make_limited_api
from workspaces import api_keys
from workspaces.models import LogEntry


def rows_of(response) -> list[LogEntry]:
    """Return the rows that one request wrote, oldest first."""
    request_id = response.headers["X-Request-Id"]
    return list(LogEntry.objects.filter(request_id=request_id).order_by("id"))


def told(row) -> tuple:
    return row.kind, row.action, row.outcome, row.status_code


def test_accepted_lead_writes_one_row_for_each_boundary(api, cast):
    response = api.submit(name="Jane Doe", goal="More clients")

    vapi, request = rows_of(response)
    assert told(vapi) == ("provider_request", "Vapi POST /call", "succeeded", 201)
    assert told(request) == ("api_request", f"POST {PATH}", "succeeded", 201)
    assert {str(row.lead_id) for row in (vapi, request)} == {response.json()["leadId"]}
    assert {row.workspace_id for row in (vapi, request)} == {cast.workspace.pk}
    assert request.request["goal"] == "More clients"
    assert request.response == response.json()
    assert vapi.request["customer"]["name"] == "Jane Doe"
    assert vapi.response["id"] == response.json()["vapiCallId"]
    assert 0 <= vapi.duration_ms <= request.duration_ms


def test_refused_call_stays_readable_after_its_lead_is_gone(api):
    response = api.submit(phone=make_phone("41"))

    vapi, request = rows_of(response)
    assert told(vapi) == ("provider_request", "Vapi POST /call", "refused", 400)
    assert told(request) == ("api_request", f"POST {PATH}", "failed", 502)
    assert vapi.error == request.error == response.json()["message"]
    assert vapi.lead_id == request.lead_id is not None


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"consent": False}, 400, "`consent` must be true."),
        ({"name": ""}, 400, "Validation failed."),
    ],
)
def test_refused_submission_writes_one_row(api, fields, status, error):
    response = api.submit(**fields)

    [row] = rows_of(response)
    assert told(row) == ("api_request", f"POST {PATH}", "refused", status)
    assert row.error == error
    assert row.response == response.json()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", PATH, 400),
        ("DELETE", PATH, 405),
        ("GET", f"{PATH}/x", 404),
        ("GET", f"{PATH}/%00", 404),
        ("GET", f"{PATH}/{'x' * 200}", 404),
    ],
)
def test_any_failed_request_writes_one_row(api, method, path, status):
    response = api.ask(method, path)

    [row] = rows_of(response)
    assert (row.kind, row.outcome, row.status_code) == ("api_request", "refused", status)
    assert row.action.startswith(f"{method} {PATH}")


def test_duplicate_names_the_lead_that_is_there(api, cast):
    lead = make_lead(cast.workspace)

    [row] = rows_of(api.submit(phone=lead.phone))

    assert told(row) == ("api_request", f"POST {PATH}", "refused", 409)
    assert row.lead_id == lead.pk


def test_rate_limited_request_writes_one_row(start_web, cast):
    api = make_limited_api(start_web(PUBLIC_API_RATE_LIMITS="1/h"), cast.workspace)
    api.read("x")

    [row] = rows_of(api.read("x"))

    assert (row.status_code, row.error) == (429, "Hourly rate limit exceeded.")


def test_lead_that_was_read_writes_nothing(api, cast):
    assert rows_of(api.read(make_lead(cast.workspace).pk)) == []


def test_list_is_told_by_its_first_page_without_its_people(api, cast):
    for _ in range(2):
        make_lead(cast.workspace, name="Zebulon Quartermain")

    first = api.list(limit=1, status="new")
    second = api.list(limit=1, status="new", cursor=first.json()["nextCursor"])

    [row] = rows_of(first)
    assert told(row) == ("api_request", f"GET {PATH}", "succeeded", 200)
    assert row.code == "api.list_leads"
    assert row.request == {"limit": "1", "status": "new", "key": cast.key[8:16]}
    assert row.response == {"ok": True, "leads": 1}
    assert rows_of(second) == []


def test_refused_list_says_what_was_asked(api):
    [row] = rows_of(api.list("colour=red"))

    assert told(row) == ("api_request", f"GET {PATH}", "refused", 400)
    assert (row.request["colour"], row.error) == ("(not kept)", "Validation failed.")


def test_whom_a_list_was_searched_for_is_written_down_nowhere(api, web, cast):
    lead = make_lead(cast.workspace)

    rows = rows_of(api.list(phone=lead.phone)) + rows_of(api.list(email="jane@acme.com"))

    assert [row.status_code for row in rows] == [200, 400]
    columns = json.dumps([row.__dict__ for row in rows], default=str)
    assert lead.phone[1:] not in columns and "jane@acme.com" not in columns
    assert lead.phone[1:] not in web.output()


def test_request_beyond_the_scopes_of_its_key_writes_one_row(web, cast):
    api = Api(web.base_url, make_key(cast.workspace, preset="form"))

    [row] = rows_of(api.erase(make_lead(cast.workspace).pk))

    assert (row.code, row.status_code) == ("api.delete_lead", 403)
    assert row.error_code == "api.insufficient_scope"


def test_request_that_belongs_to_no_workspace_writes_nothing(api, cast):
    before = LogEntry.objects.filter(workspace=cast.workspace).count()
    api_keys.revoke_key(cast.key[8:16])

    response = api.submit()

    assert response.status_code == 401
    assert rows_of(response) == []
    assert LogEntry.objects.filter(workspace=cast.workspace).count() == before


def test_rows_belong_to_the_workspace_of_the_key(api, web, sandbox, cast):
    stranger = make_cast(sandbox)
    lead = make_lead(cast.workspace)

    [row] = rows_of(Api(web.base_url, stranger.key).read(lead.pk))

    assert row.workspace == stranger.workspace


@pytest.mark.parametrize("ending", ["00", "41", "44"])
def test_secrets_are_in_no_column(api, cast, ending):
    planted = {
        "password": "planted-1",
        "apiKey": {"deep": ["planted-2"]},
        "note": 'Authorization: Bearer planted-3 and "secret": "planted-4"',
        "card": {"access_token": "planted-5", "quoted": '{"client_secret": {"a": ["planted-6"]}}'},
        "key": cast.key,
    }

    rows = rows_of(api.submit(phone=make_phone(ending), metadata=planted, token="planted-7"))

    columns = json.dumps([row.__dict__ for row in rows], default=str)
    assert len(rows) == 2
    assert "planted" not in columns
    assert cast.key not in columns and cast.key[16:] not in columns
    assert cast.vapi_key not in columns
    assert "/listen" not in columns and "/control" not in columns


def test_odd_text_and_endless_values_are_stored_all_the_same(api):
    odd = {"nul\0": "\ud800", "long": "x" * 60_000, "number": 10**30, "float": 1.5}

    [row] = rows_of(api.submit(name="", unknown=odd, list=[1] * 500))

    stored = row.request["unknown"]
    assert stored["number"] == str(10**30)
    assert stored["float"] == 1.5
    assert len(stored["long"]) < 5_000
    assert len(row.request["list"]) == 200


def test_endless_answer_of_vapi_is_cut(api):
    vapi, request = rows_of(api.submit(phone=make_phone("39")))

    assert len(vapi.error) < 5_000 and len(vapi.response) < 5_000
    assert len(request.error) < 5_000 and len(request.response["message"]) < 5_000
