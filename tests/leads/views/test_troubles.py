"""What keeps the agent from its work: told in one place, and gone once it is mended."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads.models import Call
from tests.dashboard import text_of
from tests.factories import make_call, make_lead, make_phone, make_refused, make_user
from workspaces.connections import credentials
from workspaces.models import Role, Workspace

FRAME = "the agent from its work"


@pytest.fixture
def owner(cast, visit):
    return visit(make_user(cast.workspace))


@pytest.fixture
def told(cast, owner):
    """Return a function: the overview's words on what keeps the agent from its work."""

    def read() -> str:
        text = text_of(owner.get(f"/admin/{cast.workspace.slug}/"))
        begin = text.find("What keeps the agent from its work")
        return text[begin : text.find("Leads a day")] if begin >= 0 else ""

    return read


def change(cast, **fields):
    Workspace.objects.filter(pk=cast.workspace.pk).update(**fields)


def connect_calcom(cast, key="cal_wrong"):
    account = calcom.Account(key, 123400, "Europe/London")
    credentials.connect_calcom(cast.workspace, account)


def want_an_appointment(api, cast, reporter, number=1):
    for _ in range(number):
        api.submit()
        reporter.ask(cast.placed()[0], "listSlots")


def test_where_nothing_is_wrong_no_page_says_a_word(cast, api, owner, told, reporter):
    connect_calcom(cast, f"cal_sandbox_{secrets.token_hex(8)}")
    want_an_appointment(api, cast, reporter)

    assert told() == ""
    assert FRAME not in owner.get(f"/admin/{cast.workspace.slug}/leads").text


def test_leads_without_an_appointment_are_counted_until_cal_com_takes_the_key(
    cast, api, told, reporter
):
    connect_calcom(cast)
    want_an_appointment(api, cast, reporter, 3)
    assert "3 leads could not be booked since" in told()
    assert "Cal.com does not take the API key." in told()

    connect_calcom(cast, f"cal_sandbox_{secrets.token_hex(8)}")

    assert told() == ""


def test_a_success_of_cal_com_ends_it_too(cast, api, told, reporter):
    connect_calcom(cast, f"cal_sandbox_{secrets.token_hex(8)}")
    want_an_appointment(api, cast, reporter)
    cast.workspace.log.filter(code="calcom.list_slots").update(
        outcome="refused",
        error_code="calcom.key_refused",
        created_at=timezone.now() + timedelta(seconds=1),  # after the account was entered
    )
    assert "1 lead could not be booked" in told()

    cast.workspace.log.filter(code="calcom.list_slots").update(created_at=timezone.now())
    want_an_appointment(api, cast, reporter)

    assert told() == ""


def test_leads_who_want_an_appointment_without_a_calendar_are_counted(cast, api, told, reporter):
    want_an_appointment(api, cast, reporter)

    assert "1 lead could not be booked" in told() and "Cal.com is not connected." in told()


def test_calls_that_vapi_refuses_are_counted_by_cause_until_one_is_placed(cast, api, told):
    for ending in ("45", "45", "41", "40"):  # the last is that person's number
        api.submit(phone=make_phone(ending))
    make_lead(cast.workspace)
    assert "2 calls could not be placed since" in told()
    assert "The Vapi account has no credit. Add credit in Vapi" in told()
    assert "1 call could not be placed" in told() and "The assistant does not exist" in told()

    api.submit()

    assert "calls could not be placed" not in told() and "1 call could" not in told()
    assert "4 people wait" in told()


def test_an_account_that_is_entered_anew_is_not_blamed_for_the_one_before(cast, api, told):
    make_lead(cast.workspace)
    api.submit(phone=make_phone("44"))
    assert "Vapi does not accept the API key" in told()

    account = credentials.vapi_account(cast.workspace.pk)
    credentials.connect_vapi(cast.workspace, replace(account, api_key="sandbox-new"))

    assert "Vapi does not accept the API key" not in told()


def test_calls_that_never_rang_for_lack_of_credit_are_counted_until_one_rings(
    cast, api, told, reporter
):
    for _ in range(2):
        api.submit()
        reason = "call.start.error-subscription-insufficient-credits"
        reporter.report(cast.placed()[0], reason)
    assert "2 calls came to nothing since" in told()
    assert "The Vapi account has no balance left." in told()

    api.submit()
    reporter.report(cast.placed()[0], "customer-did-not-answer")

    assert told() == ""


def test_calls_of_which_vapi_tells_nothing_are_counted_until_it_does(cast, api, told, reporter):
    lead = make_lead(cast.workspace)
    long_ago = timezone.now() - timedelta(hours=1)
    make_call(lead, vapi_call_id=secrets.token_hex(8), created_at=long_ago)
    assert "Vapi has told nothing of 1 call since" in told()

    api.submit()
    reporter.status(cast.placed()[0], "in-progress")

    assert told() == ""


def test_without_vapi_that_is_told_once_there_are_people(cast, api, told, owner):
    account = credentials.vapi_account(cast.workspace.pk)
    cast.workspace.credentials.all().delete()
    assert told() == ""  # a first step

    api.submit()
    assert "Vapi is not connected" in told() and "1 person waits" in told()

    credentials.connect_vapi(cast.workspace, account)
    assert "Vapi is not connected" not in told()


def test_a_paused_agent_is_told_of_with_those_who_wait(cast, api, owner, told):
    owner.post(f"/admin/{cast.workspace.slug}/settings/pause")
    api.submit()
    assert "The agent is paused since" in told() and "1 lead waits." in told()

    owner.post(f"/admin/{cast.workspace.slug}/settings/resume")
    assert told() == ""


def test_a_full_day_is_told_of_with_those_who_wait(cast, api, told):
    change(cast, daily_call_limit=1)
    for _ in range(3):
        api.submit()
    assert "The limit of 1 calls a day is reached" in told() and "2 leads wait." in told()

    change(cast, daily_call_limit=10)
    assert told() == ""


def test_leads_of_a_country_that_may_not_be_called_are_told_of(cast, api, told):
    change(cast, allowed_countries="IE")
    api.submit()
    assert "1 lead is held since" in told()

    change(cast, allowed_countries="IE,GB")
    assert told() == ""


def test_every_other_page_says_how_many_things_there_are(cast, owner):
    make_refused(cast.workspace)
    change(cast, is_paused=True)

    for page in ("leads", "logs", "settings", "refused"):
        text = text_of(owner.get(f"/admin/{cast.workspace.slug}/{page}"))
        assert "2 things keep the agent from its work. See what to do" in text
    assert "2 things" not in text_of(owner.get(f"/admin/{cast.workspace.slug}/"))


def test_who_may_not_open_the_settings_is_told_who_may(cast, visit):
    make_refused(cast.workspace)
    change(cast, is_paused=True)
    member = visit(make_user(cast.workspace, Role.AGENT))

    page = member.get(f"/admin/{cast.workspace.slug}/")

    assert "An admin or owner of the workspace can mend it." in text_of(page)
    assert f'href="/admin/{cast.workspace.slug}/settings"' not in page.text
    assert f'href="/admin/{cast.workspace.slug}/refused"' in page.text


def test_what_is_older_than_thirty_days_is_not_told(cast, told):
    lead = make_lead(cast.workspace)
    make_call(
        lead,
        ended_reason="call.start.error-subscription-frozen",
        created_at=timezone.now() - timedelta(days=31),
    )

    assert told() == "" and Call.objects.filter(lead=lead).exists()
