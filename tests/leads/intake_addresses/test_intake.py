"""POST /api/intake/<token>: what is answered, and what is left behind."""

import pytest
import requests

from leads.intake_addresses import administration
from leads.models import ConsentRule, Lead
from tests.factories import make_cast, make_lead, make_phone, make_user
from tests.leads.intake_addresses.forms import (
    BY_NAME,
    Form,
    assert_refused,
    make_address,
    make_form,
)

NO_CONSENT = "`consent` must be true."


@pytest.fixture
def form(web, cast):
    return make_form(web.base_url, cast.workspace)


def latest_row(cast):
    return cast.workspace.log.filter(code="api.intake").latest("id")


def test_new_lead_is_called_and_answered_with_200(form, cast):
    phone = make_phone()

    response = form.send(phone=phone, email="jane@example.com", Budget="5,000")

    [lead] = cast.workspace.leads.all()
    assert (response.status_code, response.json()) == (200, {"ok": True, "leadId": str(lead.pk)})
    assert lead.form_responses == {"Budget": "5,000"}
    assert lead.phone == phone and len(cast.placed()) == 1
    assert lead.consent_address == "127.0.0.1"


def test_known_lead_is_answered_like_a_new_one_and_not_called_again(form, cast):
    phone = make_phone()
    first = form.send(phone=phone)

    again = form.send(phone=phone, Budget="5,000")

    assert (again.status_code, again.content) == (200, first.content)
    assert len(cast.placed()) == 1
    later = cast.workspace.leads.get().later_submissions.get()
    assert later.form_responses == {"Budget": "5,000"}
    assert later.source == f"intake:{administration.consent_of(form.address).pk}"


def test_paused_workspace_saves_the_lead(web, sandbox):
    cast = make_cast(sandbox, is_paused=True)

    response = make_form(web.base_url, cast.workspace).send(phone=make_phone())

    assert response.status_code == 200
    assert cast.workspace.leads.get().held_because == "paused"
    assert cast.placed() == []


def test_refused_dispatch_is_502_and_stands_in_the_list_of_refused_people(form, cast):
    phone = make_phone("41")

    response = form.send(phone=phone)

    assert_refused(response, 502, "voice_dispatch_failed")
    assert not cast.workspace.leads.exists()
    refused = cast.workspace.refused_submissions.get(phone=phone)
    assert refused.consent_source.startswith("intake:")


def test_national_number_is_one_of_the_workspaces_country(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    phone = make_phone()

    make_form(web.base_url, cast.workspace).send(phone=f"0{phone[3:]}")

    assert cast.workspace.leads.get().phone == phone


@pytest.mark.parametrize(
    "said", ["yes", "true", "1", "on", "ON", "Agreed", "ja", "sí", True, 1, ["other", "yes"]]
)
def test_tick_is_a_consent(form, cast, said):
    assert form.send(phone=make_phone(), consent=said).status_code == 200


@pytest.mark.parametrize(
    "said",
    ["", "no", "0", "false", False, 0, "off", "No, thanks", "I do not agree", [], {"a": "yes"}],
)
def test_what_is_no_tick_is_no_consent(form, cast, said):
    response = form.send(phone=make_phone(), consent=said)

    assert_refused(response, 400, NO_CONSENT)
    assert "consent" in response.json()["message"]
    assert not cast.workspace.leads.exists()


def test_wording_of_the_tick_counts_where_it_is_what_was_chosen(web, cast):
    consent = {"field": "consent", "ticked": "Yes, call me"}
    form = make_form(web.base_url, cast.workspace, consent=consent)

    assert form.send(phone=make_phone(), consent="yes, call me ").status_code == 200
    assert_refused(form.send(phone=make_phone(), consent="yes"), 400, NO_CONSENT)


def test_consent_is_judged_before_the_other_fields(form):
    assert_refused(form.send(phone="nonsense", consent="no"), 400, NO_CONSENT)
    assert_refused(form.send(consent=None), 400, NO_CONSENT)


def test_word_of_the_owner_stands_for_a_tick_and_its_wording_is_kept(web, cast):
    consent = {"rule": ConsentRule.FORM, "wording": "By sending this you agree to a call."}
    form = make_form(web.base_url, cast.workspace, consent=consent)

    form.send(phone=make_phone(), consent=None)
    first = cast.workspace.leads.get()
    administration.map_fields(
        address=form.address,
        name="Website form",
        fields=administration.Fields(**BY_NAME),
        consent=administration.Consent(rule=ConsentRule.FORM, wording="Another wording."),
        by=make_user(cast.workspace),
    )
    form.send(phone=make_phone(), consent=None)

    def wording(lead: Lead) -> str:
        return form.address.consents.get(pk=lead.consent_source.partition(":")[2]).wording

    second = cast.workspace.leads.exclude(pk=first.pk).get()
    assert wording(first) == "By sending this you agree to a call."
    assert wording(second) == "Another wording."


def test_missing_fields_are_named_in_the_answer_and_in_the_log(form, cast):
    response = form.send(telephone=make_phone())

    assert_refused(response, 400, "Validation failed.")
    assert response.json()["issues"] == [
        {"path": ["phone"], "message": "The field “phone” did not arrive."}
    ]
    row = latest_row(cast)
    assert (row.outcome, row.error) == ("refused", response.json()["message"])
    assert row.request["telephone"]


def test_address_without_a_mapping_says_so(web, cast):
    form = Form(web.base_url, make_address(cast.workspace))

    assert_refused(form.send(phone=make_phone()), 400, NO_CONSENT)


@pytest.mark.parametrize("phone", ["nonsense", "", "12", "+44 20 7946 0018 ext 5", "0" * 30])
def test_phone_that_the_api_refuses_is_refused(form, cast, phone):
    response = form.send(phone=phone)

    assert_refused(response, 400, "Validation failed.")
    assert response.json()["issues"][0]["path"] == ["phone"]
    assert not cast.workspace.leads.exists()


def test_name_that_is_empty_is_refused(form):
    response = form.send(name=" ", phone=make_phone())

    assert_refused(response, 400, "Validation failed.")
    assert response.json()["issues"][0]["path"] == ["name"]


def test_email_or_goal_that_is_none_loses_no_lead_and_stays_an_answer(web, cast):
    form = make_form(web.base_url, cast.workspace, mapped={**BY_NAME, "goal_field": "message"})
    long = "x" * 3_000

    response = form.send(phone=make_phone(), email="jane@", message=long)

    lead = cast.workspace.leads.get()
    assert response.status_code == 200
    assert (lead.email, lead.goal) == ("", "")
    assert lead.form_responses == {"email": "jane@", "message": long}


def test_answers_beyond_what_a_lead_may_have_are_left_out_and_it_is_said(form, cast):
    response = form.send(phone=make_phone(), a="short", b="y" * 20_000, c="last")

    assert response.status_code == 200
    assert cast.workspace.leads.get().form_responses == {
        "a": "short",
        "c": "last",
        "Not kept": "1 more: too long for a lead.",
    }


def test_names_in_two_fields_are_one(web, cast):
    mapped = {**BY_NAME, "name_field": "first", "last_name_field": "last"}
    form = make_form(web.base_url, cast.workspace, mapped=mapped)

    form.send(phone=make_phone(), first="Jane", last="Doe")
    form.send(phone=make_phone(), first="Prince", last=None)

    assert sorted(lead.name for lead in cast.workspace.leads.all()) == ["Jane Doe", "Prince"]


def test_what_is_left_out_is_kept_with_no_lead_and_in_no_log_row(web, cast):
    mapped = {**BY_NAME, "left_out": ["shoe"]}
    form = make_form(web.base_url, cast.workspace, mapped=mapped)

    form.send(phone=make_phone(), shoe="42", hat="57")

    assert cast.workspace.leads.get().form_responses == {"hat": "57"}
    assert "shoe" not in latest_row(cast).request


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_405_in_the_envelope(form, web, method):
    url = f"{web.base_url}/api/intake/{form.token}"

    response = requests.request(method, url, timeout=30)

    assert_refused(response, 405, "Method not allowed.")
    assert "POST" in response.headers["Allow"]


def test_slash_at_the_end_changes_nothing(form):
    form.token += "/"

    assert form.send(phone=make_phone()).status_code == 200


def test_answer_says_what_is_left_of_the_limits(form):
    response = form.send(phone=make_phone())

    assert "minute" in response.headers["RateLimit"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Request-Id"]


def test_log_row_tells_the_lead_and_not_the_token(form, cast):
    response = form.send(phone=make_phone(), password="planted")

    row = latest_row(cast)
    assert (row.action, row.outcome) == ("POST /api/intake/…", "succeeded")
    assert str(row.lead_id) == response.json()["leadId"]
    assert form.token not in str(row.__dict__) and "planted" not in str(row.__dict__)


def test_form_of_another_workspace_finds_nothing_here(web, cast, sandbox):
    other = make_cast(sandbox)
    lead = make_lead(other.workspace)

    response = make_form(web.base_url, cast.workspace).send(phone=lead.phone)

    assert response.json()["leadId"] != str(lead.pk)
    assert cast.workspace.leads.get().phone == lead.phone
