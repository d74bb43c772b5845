"""What a workspace lets its agent dial: decided before dialling, and named in the answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.contact import daily_count, gate
from leads.models import Lead
from tests.client import Api
from tests.factories import make_cast, make_lead, make_phone
from workspaces.models import Workspace

HELD = {"ok": True, "status": "new", "callQueued": False}


def said(response) -> dict:
    """Return the body of an answer without the lead's id."""
    return {name: value for name, value in response.json().items() if name != "leadId"}


def held_because(response) -> str:
    return Lead.objects.get(pk=response.json()["leadId"]).held_because


def test_lead_over_the_daily_limit_is_saved_and_not_called(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=2)
    api = Api(web.base_url, cast.key)
    called = [api.submit() for _ in range(2)]

    held = api.submit()

    assert [answer.json()["callQueued"] for answer in called] == [True, True]
    assert (held.status_code, said(held)) == (201, HELD)
    assert held.headers["Location"] == f"/api/public/leads/{held.json()['leadId']}"
    assert held_because(held) == "daily_limit"
    assert len(cast.placed()) == 2


def test_held_lead_is_a_lead_like_any_other(web, sandbox):
    cast, phone = make_cast(sandbox, daily_call_limit=0), make_phone()
    api = Api(web.base_url, cast.key)

    held, again = api.submit(phone=phone), api.submit(phone=phone)
    read = api.read(held.json()["leadId"])

    assert again.status_code == 409
    assert again.headers["Location"] == held.headers["Location"]
    assert (read.json()["lead"]["status"], read.json()["voiceCall"]) == ("new", None)


def test_calls_of_yesterday_do_not_count(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=1)
    yesterday = daily_count.day_of(timezone.now()) - timedelta(days=1)
    cast.workspace.daily_counts.create(day=yesterday, calls=1)

    assert Api(web.base_url, cast.key).submit().json()["callQueued"]


def test_many_at_once_are_called_to_the_last_place_of_the_day(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=7)
    api = Api(web.base_url, cast.key)

    with ThreadPoolExecutor(20) as pool:
        answers = [task.result() for task in [pool.submit(api.submit) for _ in range(20)]]

    assert [answer.status_code for answer in answers] == [201] * 20
    assert sum(answer.json()["callQueued"] for answer in answers) == 7
    assert len(cast.placed()) == 7
    assert cast.workspace.daily_counts.get().calls == 7


def test_call_that_was_not_placed_gives_its_place_back(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=1)
    api = Api(web.base_url, cast.key)

    refused = api.submit(phone=f"{make_phone()[:-2]}45")
    called = api.submit()

    assert (refused.status_code, called.status_code) == (502, 201)
    assert called.json()["callQueued"]


def test_raised_limit_counts_at_once(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=1)
    api = Api(web.base_url, cast.key)
    first, held = api.submit(), api.submit()

    Workspace.objects.filter(pk=cast.workspace.pk).update(daily_call_limit=2)

    assert [a.json()["callQueued"] for a in (first, held, api.submit())] == [True, False, True]


def test_paused_workspace_takes_leads_whatever_the_limit(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=0, is_paused=True)

    held = Api(web.base_url, cast.key).submit()

    assert (held.status_code, held_because(held)) == (201, "paused")


@pytest.mark.parametrize(
    ("countries", "phone", "is_called"),
    [
        ("GB", "+447400123400", True),
        ("US", "+447400123457", False),
        ("US,GB", "+447400123401", True),
        ("CA", "+14165550123", True),  # Toronto
        ("CA", "+12125550123", False),  # New York
        ("GB", "+2909999999", False),  # a country code without such numbers
        ("GB", "+9991234500", False),  # nobody's country code
        ("GB", "+447700900100", True),  # kept for dramas
        ("CA", "+18615550100", False),
        ("FI", "+35818123400", True),  # of Aland
        ("NO", "+4779123400", True),  # of Svalbard
        ("AU", "+61891621200", True),  # of the Cocos Islands
        ("IT", "+390669812300", True),  # of the Vatican
        ("MF", "+590690001200", True),  # of Saint Martin, Guadeloupe by its prefix
        ("GG", "+447400123400", False),
        ("US", "+17875550100", False),  # Puerto Rico
        ("RE", "+262269601200", False),  # Mayotte
        ("CW", "+5993181200", False),  # Bonaire
        ("US", "+18612345678", True),  # an area code that is not given out
        ("GB", "+447911123400", True),  # of Guernsey, by its prefix
        ("GB", "+447700300000", True),  # of Jersey
        ("GB", "+447924300000", True),  # of the Isle of Man
        ("GG", "+447911123400", True),
        ("US", "+12425550123", False),  # the Bahamas
        ("RU", "+77012345678", False),  # Kazakhstan
    ],
)
def test_only_allowed_countries_are_dialled(web, sandbox, countries, phone, is_called):
    cast = make_cast(sandbox, allowed_countries=countries)

    response = Api(web.base_url, cast.key).submit(phone=phone)

    assert response.status_code == 201, response.text
    assert response.json()["callQueued"] is is_called
    assert held_because(response) == ("" if is_called else "country")
    assert len(cast.placed()) == is_called


@pytest.mark.parametrize("limit", [0, 100])
def test_one_question_is_judged_of_one_moment(sandbox, limit):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no clock of its own")
    lead = make_lead(make_cast(sandbox, daily_call_limit=limit).workspace)

    with CaptureQueriesContext(connection) as asked:
        gate.ask(lead, gate.Purpose.PLANNED)

    assert sum("statement_timestamp" in query["sql"] for query in asked) == 1
