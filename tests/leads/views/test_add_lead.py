"""Entering a lead by hand: through the same intake as the API."""

import pytest

from leads.models import Lead
from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_phone, make_user
from workspaces.models import Role


@pytest.fixture
def member(cast):
    return make_user(cast.workspace, Role.AGENT)


def add(visitor, workspace, **fields):
    """Send the form as it is filled in, but for the fields given."""
    filled_in = {"name": "Jane Doe", "phone": make_phone(), "country": "", "consent": "on"}
    return visitor.post(f"/admin/{workspace.slug}/leads/add", **{**filled_in, **fields})


def test_lead_is_called_and_who_said_that_they_agreed_is_kept(cast, visit, member):
    visitor = visit(member)

    answer = add(visitor, cast.workspace, email="jane@acme.com", goal="Run a marathon")

    lead = cast.workspace.leads.get()
    assert answer.headers["Location"] == f"/admin/{cast.workspace.slug}/leads/{lead.pk}"
    assert (lead.name, lead.email, lead.goal) == ("Jane Doe", "jane@acme.com", "Run a marathon")
    assert lead.consent_source == f"dashboard:{member.email}" and not lead.is_test
    assert [call.body["customer"]["number"] for call in cast.placed()] == [lead.phone]
    page = text_of(visitor.get(answer.headers["Location"]))
    assert "Jane Doe is being called." in page
    assert f"Through the dashboard, entered by {member.email}." in page
    row = cast.workspace.log.get(code="lead.add")
    assert (row.lead_id, row.outcome, row.request["by"]) == (lead.pk, "succeeded", member.email)


def test_box_is_not_ticked_and_without_it_nobody_is_called(cast, visit, member):
    visitor = visit(member)

    fresh = visitor.get(f"/admin/{cast.workspace.slug}/leads/add")
    refused = add(visitor, cast.workspace, name="Kept Name", consent="")

    assert "checked" not in fresh.text
    assert "Only who has agreed may be called." in text_of(refused)
    assert 'value="Kept Name"' in refused.text
    assert not cast.workspace.leads.exists() and not cast.placed()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "\u200b"}, "Enter a name that can be seen."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"phone": "07700 900123"}, "This is no phone number."),
        ({"phone": "nobody"}, "This is no phone number."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"goal": "x" * 2_001}, "at most 2000 characters"),
        ({"country": "XX"}, "no such country"),
    ],
)
def test_limits_are_those_of_the_api(cast, visit, member, fields, told):
    answer = add(visit(member), cast.workspace, **fields)

    assert answer.status_code == 200
    assert told in text_of(answer)
    assert not cast.workspace.leads.exists()


@pytest.mark.parametrize(("chosen", "number"), [("GB", "+447700900123"), ("DE", "+497700900123")])
def test_country_is_the_workspace_s_unless_another_is_chosen(sandbox, visit, chosen, number):
    workspace = make_cast(sandbox, default_country="GB").workspace
    visitor = visit(make_user(workspace))

    page = visitor.get(f"/admin/{workspace.slug}/leads/add").text
    add(visitor, workspace, phone="07700 900123", country=chosen)

    assert '<option value="GB" selected>' in page
    assert workspace.leads.get().phone == number


def test_lead_that_a_rule_holds_is_saved_and_its_page_says_why(sandbox, visit):
    cast = make_cast(sandbox, is_paused=True)
    visitor = visit(make_user(cast.workspace))

    answer = add(visitor, cast.workspace)

    page = text_of(visitor.get(answer.headers["Location"]))
    assert "Jane Doe is saved." in page
    assert "Not called yet The agent is paused." in page
    assert not cast.placed()


def test_number_that_is_a_lead_leads_to_it_and_calls_nobody(cast, visit, member):
    lead = make_lead(cast.workspace, name="Was First")

    answer = add(visit(member), cast.workspace, phone=lead.phone)

    assert "This number is a lead already: Was First ." in text_of(answer)
    assert f"/leads/{lead.pk}" in answer.text
    assert not cast.placed()
    row = cast.workspace.log.get(code="lead.add")
    assert (row.outcome, row.lead_id) == ("refused", lead.pk)


def test_refusal_by_vapi_is_said_in_words_and_the_form_keeps_what_was_typed(cast, visit, member):
    answer = add(visit(member), cast.workspace, phone=make_phone("41"), goal="Kept goal")

    text = text_of(answer)
    assert "Nobody was called. The assistant does not exist." in text
    assert "Nothing is saved. What you entered is still here." in text
    assert "Kept goal" in answer.text and "Vapi /call failed" not in text
    assert not cast.workspace.leads.exists()


def test_refusal_counts_among_the_calls_that_could_not_be_placed(cast, visit, member):
    make_lead(cast.workspace)
    visitor = visit(member)

    add(visitor, cast.workspace, phone=make_phone("41"))

    text = text_of(visitor.get(f"/admin/{cast.workspace.slug}/"))
    assert "Calls that could not be placed: 1;" in text


def test_same_form_sent_twice_makes_one_lead_and_one_call(cast, visit, member):
    visitor, phone = visit(member), make_phone()

    add(visitor, cast.workspace, phone=phone)
    add(visitor, cast.workspace, phone=phone)

    assert Lead.objects.filter(workspace=cast.workspace, phone=phone).count() == 1
    assert len(cast.placed()) == 1


def test_erasing_a_lead_takes_what_was_entered_of_it(cast, visit):
    owner = make_user(cast.workspace)
    visitor = visit(owner)
    add(visitor, cast.workspace, name="Gone Girl", phone=(phone := make_phone()))
    add(visitor, cast.workspace, name="Gone Girl", phone=phone)

    lead = cast.workspace.leads.get()
    visitor.post(f"/admin/{cast.workspace.slug}/leads/delete", lead=str(lead.pk))

    rows = str(list(cast.workspace.log.values()))
    assert "Gone Girl" not in rows and phone not in rows
    assert not cast.workspace.log.filter(code="lead.add").exclude(request=None).exists()
