"""What a workspace lets its agent dial: decided before dialling, and named in the answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.contact import gate
from tests.client import Api
from tests.factories import make_call, make_calls, make_cast, make_lead, make_phone


def test_call_over_the_daily_limit_is_refused_and_names_the_setting(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=2)
    api = Api(web.base_url, cast.key)
    statuses = [api.submit().status_code for _ in range(2)]

    refused = api.submit()

    assert statuses == [201, 201]
    assert refused.status_code == 502
    assert refused.json()["error"] == "voice_dispatch_failed"
    assert "limit of 2 calls a day" in refused.json()["message"]
    assert "daily_call_limit" in refused.json()["message"]
    assert len(cast.placed()) == 2


def test_calls_of_yesterday_do_not_count(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=1)
    make_call(make_lead(cast.workspace), created_at=timezone.now() - timedelta(days=1))

    assert Api(web.base_url, cast.key).submit().status_code == 201


def test_day_with_many_calls_is_counted_to_the_call(web, sandbox):
    """Those of a while ago are counted once and remembered, until the limit seems reached."""
    seeded = gate.MANY + 1
    cast = make_cast(sandbox, daily_call_limit=seeded + 2)
    lead, now = make_lead(cast.workspace), timezone.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    a_while_ago = now - gate.SETTLED_AFTER - gate.STEP
    calls = make_calls(lead, seeded, created_at=max(midnight, a_while_ago))
    api = Api(web.base_url, cast.key)

    up_to_the_limit = [api.submit().status_code for _ in range(3)]
    calls[0].delete()
    one_was_erased = [api.submit().status_code for _ in range(2)]

    assert up_to_the_limit == [201, 201, 502]
    assert one_was_erased == [201, 502]


def test_refused_lead_is_gone_and_may_come_again(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=0)
    phone = make_phone()

    statuses = [Api(web.base_url, cast.key).submit(phone=phone).status_code for _ in range(2)]

    assert statuses == [502, 502]
    assert not cast.workspace.leads.exists()


def test_paused_workspace_takes_leads_whatever_the_limit(web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=0, is_paused=True)

    assert Api(web.base_url, cast.key).submit().status_code == 201


@pytest.mark.parametrize(
    ("countries", "phone", "status"),
    [
        ("GB", "+447400123400", 201),
        ("US", "+447400123457", 502),
        ("US,GB", "+447400123401", 201),
        ("CA", "+14165550123", 201),  # Toronto
        ("CA", "+12125550123", 502),  # New York
        ("GB", "+2909999999", 502),  # a country code without such numbers
        ("GB", "+9991234500", 502),  # nobody's country code
        ("GB", "+447700900100", 201),  # kept for dramas
        ("CA", "+18615550100", 502),
        ("FI", "+35818123400", 201),  # of Aland
        ("NO", "+4779123400", 201),  # of Svalbard
        ("AU", "+61891621200", 201),  # of the Cocos Islands
        ("IT", "+390669812300", 201),  # of the Vatican
        ("MF", "+590690001200", 201),  # of Saint Martin, Guadeloupe by its prefix
        ("GG", "+447400123400", 502),
        ("US", "+17875550100", 502),  # Puerto Rico
        ("RE", "+262269601200", 502),  # Mayotte
        ("CW", "+5993181200", 502),  # Bonaire
        ("US", "+18612345678", 201),  # an area code that is not given out
        ("GB", "+447911123400", 201),  # of Guernsey, by its prefix
        ("GB", "+447700300000", 201),  # of Jersey
        ("GB", "+447924300000", 201),  # of the Isle of Man
        ("GG", "+447911123400", 201),
        ("US", "+12425550123", 502),  # the Bahamas
        ("RU", "+77012345678", 502),  # Kazakhstan
    ],
)
def test_only_allowed_countries_are_dialled(web, sandbox, countries, phone, status):
    cast = make_cast(sandbox, allowed_countries=countries)

    response = Api(web.base_url, cast.key).submit(phone=phone)

    assert response.status_code == status, response.text
    if status == 502:
        assert "allowed_countries" in response.json()["message"]
        assert cast.placed() == []
