"""The first steps: a call to one's own number, and steps that are checked, not believed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_account, make_call, make_cast, make_lead, make_phone, make_user
from tests.vapi_messages import Reporter, status_update
from workspaces.connections import credentials
from workspaces.models import Role


@pytest.fixture
def member(cast):
    return make_user(cast.workspace, Role.AGENT)


def call_me(visitor, workspace, **fields):
    filled_in = {"name": "Olive Owner", "phone": make_phone(), "country": "", "consent": "on"}
    path = f"/admin/{workspace.slug}/first-steps/call-me"
    return visitor.post(path, **{**filled_in, **fields})


def steps(visitor, workspace) -> str:
    return text_of(visitor.get(f"/admin/{workspace.slug}/first-steps"))


def test_member_is_called_as_a_test_that_the_api_shows_and_figures_do_not(cast, api, visit, member):
    visitor = visit(member)

    call_me(visitor, cast.workspace)

    lead = cast.workspace.leads.get()
    assert lead.is_test and lead.email == member.email
    assert lead.consent_source == f"dashboard:{member.email}"
    assert len(cast.placed()) == 1
    assert "The call is going on." in steps(visitor, cast.workspace)
    assert api.read(lead.pk).json()["lead"]["name"] == "Olive Owner"
    make_lead(cast.workspace, status="needs_human")
    figures = text_of(visitor.get(f"/admin/{cast.workspace.slug}/"))
    assert "Leads 1 came in" in figures and "Called 0 of 1" in figures
    assert "No call rang yet." in figures and "Olive Owner" not in figures


def test_lists_show_a_test_as_one(cast, visit, member):
    make_lead(cast.workspace, is_test=True)
    visitor = visit(member)

    assert "Test" in text_of(visitor.get(f"/admin/{cast.workspace.slug}/leads"))


def test_same_number_dials_the_same_lead_again_and_another_makes_another(cast, visit, member):
    visitor, phone = visit(member), make_phone()
    call_me(visitor, cast.workspace, phone=phone)
    still = call_me(visitor, cast.workspace, phone=phone)
    cast.workspace.calls.update(status="ended", ended_at=timezone.now())

    call_me(visitor, cast.workspace, phone=phone)
    call_me(visitor, cast.workspace)

    assert "You were not called. A call to this lead is still going on." in text_of(still)
    assert [lead.calls.count() for lead in cast.workspace.leads.order_by("created_at")] == [2, 1]
    assert len(cast.placed()) == 3


def test_number_of_a_real_lead_is_named_and_stays_one(cast, visit, member):
    lead = make_lead(cast.workspace, name="Real Person")

    answer = call_me(visit(member), cast.workspace, phone=lead.phone)

    assert "This number belongs to a lead: Real Person" in text_of(answer)
    lead.refresh_from_db()
    assert not lead.is_test and not cast.placed()


def test_rule_of_the_workspace_holds_a_test_as_any_lead(sandbox, visit):
    cast = make_cast(sandbox, daily_call_limit=0)
    visitor, phone = visit(make_user(cast.workspace)), make_phone()

    first = call_me(visitor, cast.workspace, phone=phone)
    again = call_me(visitor, cast.workspace, phone=phone)

    for answer in (first, again):
        assert "You were not called. The limit of 0 calls a day is reached." in text_of(answer)
    assert "You were not called yet. The limit of 0" in steps(visitor, cast.workspace)
    assert not cast.placed()


def test_refusal_by_vapi_keeps_the_form_and_leaves_figures_alone(cast, visit, member):
    make_lead(cast.workspace)
    visitor = visit(member)

    answer = call_me(visitor, cast.workspace, name="Kept Name", phone=make_phone("45"))

    assert "Nobody was called. The Vapi account has no credit." in text_of(answer)
    assert 'value="Kept Name"' in answer.text
    figures = text_of(visitor.get(f"/admin/{cast.workspace.slug}/"))
    assert "Calls that could not be placed" not in figures


def test_unticked_box_calls_nobody(cast, visit, member):
    answer = call_me(visit(member), cast.workspace, consent="")

    assert "Tick this to be called." in text_of(answer)
    assert not cast.workspace.leads.exists()


def test_account_is_done_once_vapi_has_said_yes_to_it_as_it_is(cast, visit):
    workspace, visitor = cast.workspace, visit(make_user(cast.workspace))
    connect(workspace, make_account(api_key="public-key"))

    entered = steps(visitor, workspace)
    visitor.post(f"/admin/{workspace.slug}/settings/vapi/verify")
    refused = steps(visitor, workspace)
    connect(workspace, make_account())
    visitor.post(f"/admin/{workspace.slug}/settings/vapi/verify")
    taken = steps(visitor, workspace)
    connect(workspace, make_account(), seconds_later=10)
    replaced = steps(visitor, workspace)

    assert "Vapi was not asked yet whether it is right" in entered
    assert "Vapi does not accept the API key." in refused
    assert "Vapi knows the key, the assistant and the phone number." in taken
    assert "Vapi was not asked yet whether it is right" in replaced


def connect(workspace, account, seconds_later=0) -> None:
    credentials.connect_vapi(workspace, account)
    at = timezone.now() + timedelta(seconds=seconds_later)
    workspace.credentials.filter(kind="vapi").update(updated_at=at)


def test_events_are_done_once_one_with_the_right_secret_has_come(web, cast, api, visit):
    visitor = visit(make_user(cast.workspace))
    api.submit()
    [call] = cast.placed()
    reporter = Reporter(web.base_url, cast.workspace)
    secret, reporter.secret = reporter.secret, "wrong"

    reporter.send(status_update(call, "ringing"))
    forged = steps(visitor, cast.workspace)
    cast.workspace.calls.update(dialed_at=timezone.now() - timedelta(minutes=3))
    credentials_of(cast).update(updated_at=timezone.now() - timedelta(minutes=4))
    silent = steps(visitor, cast.workspace)
    reporter.secret = secret
    reporter.send(status_update(call, "in-progress"))
    heard = steps(visitor, cast.workspace)

    assert "An event with the right secret" not in forged
    assert "A call was placed, and Vapi has told nothing of it." in silent
    assert "An event with the right secret came from Vapi." in heard
    assert "A call was placed, and Vapi" not in heard


def credentials_of(cast):
    return cast.workspace.credentials.filter(kind="vapi")


def test_calendar_is_declined_for_good_by_who_may_and_that_is_logged(cast, visit):
    visitor = visit(make_user(cast.workspace, Role.ADMIN))
    before = visitor.get(f"/admin/{cast.workspace.slug}/first-steps").text

    visitor.post(f"/admin/{cast.workspace.slug}/first-steps/book-by-hand")

    assert "We book by hand" in before
    assert "Connect a calendar Not wanted" in steps(visitor, cast.workspace)
    cast.workspace.refresh_from_db()
    assert cast.workspace.books_by_hand
    row = cast.workspace.log.get(code="workspace.change_settings")
    assert row.request["books_by_hand"] is True


def test_steps_stay_beside_the_figures_until_none_is_left(sandbox, web, visit):
    cast = make_cast(sandbox)
    workspace, visitor = cast.workspace, visit(make_user(cast.workspace))
    home = f"/admin/{workspace.slug}/"
    empty = text_of(visitor.get(home))
    Api(web.base_url, cast.key).submit()
    [call] = cast.placed()
    begun = text_of(visitor.get(home))
    Reporter(web.base_url, workspace).status(call, "in-progress")
    credentials.connect_calcom(workspace, calcom.Account("cal_sandbox_x", 100, "Europe/London"))
    nearly = text_of(visitor.get(home))
    visitor.post(f"/admin/{workspace.slug}/settings/calcom/verify")

    finished = text_of(visitor.get(home))

    assert "First steps" in empty and "Leads a day" not in empty
    assert "2 of 5 first steps are left. Next: Let Vapi report to Coachbot." in begun
    assert "Leads a day" in begun
    assert "1 of 5 first steps is left." in nearly
    assert "first steps" not in finished and "Leads a day" in finished


def test_test_lead_alone_leaves_the_steps_where_they_are(cast, visit, member):
    lead = make_lead(cast.workspace, is_test=True)
    make_call(lead, vapi_call_id=str(lead.pk), dialed_at=timezone.now())

    text = text_of(visit(member).get(f"/admin/{cast.workspace.slug}/"))

    assert "Call yourself Done" in text and "Leads a day" not in text


def test_member_without_the_right_is_told_who_can(visit, sandbox):
    workspace = make_cast(sandbox).workspace
    workspace.credentials.all().delete()

    text = steps(visit(make_user(workspace, Role.AGENT)), workspace)

    assert "An admin or owner of the workspace can do this." in text
    assert "We book by hand" not in text and "Enter the account" not in text
