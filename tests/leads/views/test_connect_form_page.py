"""The page "Connect a form": an address, what arrived, and fields that are chosen from it."""

import re

import pytest
from django.utils import timezone

from leads.intake_addresses import administration
from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_phone, make_user
from tests.leads.intake_addresses.forms import Form, make_address, make_form
from workspaces.models import Role

FORM_WORDING = "By sending this form you agree to a call."


@pytest.fixture
def admin(cast, visit):
    return visit(make_user(cast.workspace, Role.ADMIN))


@pytest.fixture
def base(cast):
    return f"/admin/{cast.workspace.slug}/connect-form"


def page_of(base, address) -> str:
    return f"{base}/{address.pk}"


def mapping(**fields) -> dict:
    chosen = {"name": "Website form", "name_field": "name", "phone_field": "phone"}
    return {**chosen, "consent_rule": "field", "consent_field": "consent", **fields}


def test_form_is_connected_from_nothing_to_the_first_lead(admin, base, cast, web):
    made = admin.post(f"{base}/add", name="Contact page", tool="other")
    page = made.headers["Location"]
    url = re.search(r'id="intake-url"[^>]*>([^<]+)<', admin.get(page).text)[1]
    address = cast.workspace.intake_addresses.get()
    form = Form(web.base_url, address)
    assert url.endswith(f"/api/intake/{form.token}")

    first = form.post(
        json={"Wer": "Jane Doe", "Nummer": make_phone(), "Haken": "ja", "Stadt": "Ulm"}
    )
    shown = text_of(admin.get(page))
    assert first.status_code == 400
    for arrived in ("Wer", "Jane Doe", "Nummer", "Not taken in"):
        assert arrived in shown

    saved = admin.post(
        f"{page}/fields",
        **mapping(name_field="Wer", phone_field="Nummer", consent_field="Haken"),
    )
    second = form.post(
        json={"Wer": "Jane Doe", "Nummer": make_phone(), "Haken": "ja", "Stadt": "Ulm"}
    )

    assert (saved.status_code, second.status_code) == (302, 200)
    assert cast.workspace.leads.get().form_responses == {"Stadt": "Ulm"}
    shown = text_of(admin.get(page))
    assert "Taken in" in shown and "How the latest one reads" in shown


def test_usual_names_are_suggested_for_another_tool(admin, base, cast, web):
    address = make_address(cast.workspace)
    Form(web.base_url, address).send(phone=make_phone(), message="Hello")

    html = admin.get(page_of(base, address)).text

    for path in ("name", "phone", "consent", "message"):
        assert re.search(rf'<option value="{path}" selected>', html), path


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"phone_field": ""}, "A lead needs it"),
        ({"name_field": ""}, "A lead needs it"),
        ({"phone_field": "no such field"}, "Select a valid choice"),
        ({"consent_field": ""}, "Choose the field that is ticked."),
        ({"consent_rule": "form"}, "Enter the words that people agree to"),
        ({"consent_rule": "none"}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_lacks_something_is_not_saved(admin, base, cast, web, fields, told):
    address = make_address(cast.workspace)
    Form(web.base_url, address).send(phone=make_phone())

    answer = admin.post(f"{page_of(base, address)}/fields", **mapping(**fields))

    assert answer.status_code == 200 and told in answer.text
    address.refresh_from_db()
    assert address.phone_field == ""


def test_word_of_the_owner_is_evidence_on_the_lead(admin, base, cast, web, visit):
    form = make_form(web.base_url, cast.workspace)
    form.send(phone=make_phone())
    page = page_of(base, form.address)

    admin.post(f"{page}/fields", **mapping(consent_rule="form", consent_wording=FORM_WORDING))
    lead_id = form.send(phone=make_phone(), consent=None).json()["leadId"]

    shown = text_of(
        visit(make_user(cast.workspace, Role.AGENT)).get(
            f"/admin/{cast.workspace.slug}/leads/{lead_id}"
        )
    )
    assert FORM_WORDING in shown
    assert "The form “Website form”" in shown and "cannot be sent without it" in shown
    assert "Through the address of a form." in shown


def test_field_that_has_not_arrived_stays_chosen(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    form.send(phone=make_phone())

    html = admin.get(page_of(base, form.address)).text

    assert "email (has not arrived)" in html


def test_left_out_answers_are_saved(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    form.send(phone=make_phone(), shoe="42")

    admin.post(f"{page_of(base, form.address)}/fields", **mapping(left_out="shoe"))
    form.send(phone=make_phone(), shoe="43")

    newest = cast.workspace.leads.latest("created_at")
    assert newest.form_responses == {}
    assert "shoe" in form.reload().left_out


def test_address_is_replaced_and_shown_again(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    page = page_of(base, form.address)

    admin.post(f"{page}/replace", old="end")

    new = Form(web.base_url, form.reload())
    assert new.token != form.token and new.token in admin.get(page).text
    assert form.send(phone=make_phone()).status_code == 404


def test_revoked_address_stays_in_the_list_and_shows_no_token(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    page = page_of(base, form.address)

    admin.post(f"{page}/revoke")

    assert "Revoked" in text_of(admin.get(base))
    assert form.token not in admin.get(page).text
    assert admin.post(f"{page}/fields", **mapping()).status_code == 404
    assert admin.post(f"{page}/replace").status_code == 404


def test_broken_mapping_is_told_on_every_page_with_a_way_to_mend_it(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    form.send(telephone=make_phone())

    overview = admin.get(f"/admin/{cast.workspace.slug}/")

    assert "1 submission of “Website form” was not taken in" in text_of(overview)
    assert "a field that is needed did not arrive" in text_of(overview)
    assert f'href="{base}"' in overview.text
    assert "keeps the agent from its work" in admin.get(f"/admin/{cast.workspace.slug}/leads").text
    assert "Not taken in" in text_of(admin.get(base))


def test_what_people_write_is_no_markup(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    odd = "<script>alert(1)</script>"
    form.post(json={odd: odd, "name": odd, "phone": "1", "consent": "yes"})

    html = admin.get(page_of(base, form.address)).text

    assert odd not in html and "&lt;script&gt;" in html


def test_token_that_cannot_be_opened_is_told(admin, base, cast, web):
    form = make_form(web.base_url, cast.workspace)
    cast.workspace.intake_addresses.update(token_sealed="v1.00000000.AAAA")

    page = admin.get(page_of(base, form.address))

    assert page.status_code == 200
    assert "The address cannot be shown" in text_of(page)
    assert form.send(phone=make_phone()).status_code == 200


def test_list_tells_when_something_last_arrived(admin, base, cast, web, sandbox):
    form = make_form(web.base_url, cast.workspace)
    make_form(web.base_url, make_cast(sandbox).workspace)
    form.send(phone=make_phone())

    shown = text_of(admin.get(base))

    assert shown.count("Website form") == 1
    assert f"{timezone.now():%Y}" in admin.get(base).text
    assert "Works" in shown


def test_lead_of_another_workspaces_consent_shows_none(cast, sandbox, visit):
    other = make_address(make_cast(sandbox).workspace)
    consent = administration.consent_of(other)
    lead = make_lead(cast.workspace, consent_source=f"intake:{consent.pk}")

    shown = text_of(
        visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")
    )
    assert "Website form" not in shown
