"""DELETE /api/public/leads/<id>: the lead is gone, and what is left to see of it."""

import uuid

import pytest

from tests.client import PATH
from tests.envelope import assert_error
from tests.factories import make_lead, make_phone, open_call
from tests.leads.test_erasure import PERSON, everything_stored_of


def test_erased_lead_is_gone_and_a_second_time_not_found(api, cast):
    lead_id = api.submit().json()["leadId"]

    first, second = api.erase(lead_id), api.erase(lead_id)

    assert (first.status_code, first.content) == (204, b"")
    assert "RateLimit" in first.headers and first.headers["Cache-Control"] == "no-store"
    assert_error(second, 404, "Lead not found.")
    assert_error(api.read(lead_id), 404, "Lead not found.")
    assert not cast.workspace.leads.exists() and not cast.workspace.calls.exists()


def test_nothing_of_the_person_is_left_and_the_deed_is(api, cast):
    phone = make_phone(ending="80")  # refused first: that attempt's lead is rolled back
    assert api.submit(phone=phone, **PERSON).status_code == 502
    lead_id = api.submit(phone=phone, **PERSON).json()["leadId"]
    assert api.list(phone=phone).json()["data"][0]["id"] == lead_id

    response = api.erase(lead_id)

    left = everything_stored_of(cast.workspace)
    for trace in (phone, *PERSON.values()):
        assert trace not in left
    row = cast.workspace.log.get(request_id=response.headers["X-Request-Id"])
    assert (row.code, row.outcome, row.status_code) == ("api.delete_lead", "succeeded", 204)
    assert (str(row.lead_id), row.request) == (lead_id, {"key": cast.key[8:16]})


def test_phone_of_an_erased_lead_is_free_again(api):
    phone = make_phone()
    api.erase(api.submit(phone=phone).json()["leadId"])

    assert api.submit(phone=phone).status_code == 201


@pytest.mark.parametrize("lead_id", ["x", "%00", str(uuid.UUID(int=0)), "x" * 3000])
def test_what_is_no_lead_is_not_found(api, lead_id):
    assert_error(api.erase(lead_id), 404, "Lead not found.")


def test_lead_that_is_being_called_stays_and_the_answer_says_when_to_ask_again(api, cast):
    lead = make_lead(cast.workspace)
    open_call(lead)

    response = api.erase(lead.pk)

    message = "This lead is being called just now, and was not erased. Try again in a few seconds."
    assert_error(response, 503, "Service temporarily unavailable.", message=message)
    assert int(response.headers["Retry-After"]) >= 1
    assert cast.workspace.leads.filter(pk=lead.pk).exists()


def test_lead_whose_first_call_is_still_being_placed_is_not_found(api, cast):
    lead = make_lead(cast.workspace, accepted_at=None)

    assert_error(api.erase(lead.pk), 404, "Lead not found.")
    assert cast.workspace.leads.filter(pk=lead.pk).exists()


def test_leads_cannot_be_erased_all_at_once(api, cast):
    make_lead(cast.workspace)

    assert_error(api.ask("DELETE", PATH), 405, "Method not allowed.")
    assert cast.workspace.leads.exists()
