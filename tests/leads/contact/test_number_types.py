"""Toll fraud: numbers that cost more than a call are called only where their kind is allowed."""

import pytest

from leads.models import Lead
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_user

PREMIUM, PERSONAL, SHARED, SATELLITE = "premium_rate", "personal", "shared_cost", "satellite"
ALL = f"{PREMIUM},{PERSONAL},{SHARED},{SATELLITE}"


@pytest.mark.parametrize(
    ("phone", "kind"),
    [
        ("+449098790100", PREMIUM),
        ("+44 (0)909 879 0101", PREMIUM),
        ("+44909879010212", PREMIUM),  # networks ignore what follows a whole number
        ("+19005550100", PREMIUM),
        ("+33899123400", PREMIUM),
        ("+499001234500", PREMIUM),
        ("+34803123400", PREMIUM),
        ("+39899123400", PREMIUM),
        ("+39166123400", PREMIUM),
        ("+447012300100", PERSONAL),
        ("+41878123400", PERSONAL),
        ("+448712345600", SHARED),
        ("+448431234500", SHARED),
        ("+33820123400", SHARED),
        ("+870773123400", SATELLITE),
        ("+878101234567800", SATELLITE),
        ("+881612345600", SATELLITE),
        ("+882131234500", SATELLITE),  # of a network that the library does not know
        ("+8835100123400", SATELLITE),
        ("+979123456700", SATELLITE),
    ],
)
def test_kind_of_number_is_called_only_where_it_is_allowed(web, sandbox, phone, kind):
    others = ",".join(other for other in ALL.split(",") if other != kind)
    careful, willing = (
        make_cast(sandbox, allowed_number_types=allowed) for allowed in (others, kind)
    )

    held = Api(web.base_url, careful.key).submit(phone=phone)
    called = Api(web.base_url, willing.key).submit(phone=phone)

    assert (held.status_code, held.json()["callQueued"]) == (201, False)
    assert Lead.objects.get(pk=held.json()["leadId"]).held_because == "country"
    assert (called.status_code, called.json()["callQueued"]) == (201, True)
    assert (len(careful.placed()), len(willing.placed())) == (0, 1)


@pytest.mark.parametrize(
    "phone",
    [
        "+447400123400",
        "+442079460000",
        "+448081570100",  # free
        "+443001234500",  # a company's, at the price of a call
        "+447624000000",  # of the Isle of Man
        "+12129760100",  # an exchange of New York that once was expensive
        "+12125550100",
        "+18005550100",
        "+447700900100",  # kept for dramas: of no known kind
        "+9991234500",  # nobody's country code
        "+88021234500",  # of Bangladesh, whose code begins like a satellite's
        "+886212345600",  # of Taiwan
    ],
)
def test_other_numbers_are_called_by_a_new_workspace(api, cast, phone):
    answer = api.submit(phone=phone)

    assert (answer.status_code, answer.json()["callQueued"]) == (201, True)
    assert [call.body["customer"]["number"] for call in cast.placed()] == [phone]


def test_no_kind_is_called_where_only_its_country_is_allowed(web, sandbox):
    cast = make_cast(sandbox, allowed_countries="GB", default_country="GB")
    api = Api(web.base_url, cast.key)

    phones = ("0909 8790100", "07012 300100", "0871 2345600")
    answers = [api.submit(phone=phone) for phone in phones]

    assert [answer.json()["callQueued"] for answer in answers] == [False] * 3
    assert cast.placed() == []


def test_satellites_are_in_no_country(web, sandbox):
    cast = make_cast(sandbox, allowed_countries="GB", allowed_number_types=ALL)

    answer = Api(web.base_url, cast.key).submit(phone="+881612345600")

    assert (answer.json()["callQueued"], cast.placed()) == (False, [])


@pytest.mark.parametrize(
    ("settings", "phone", "words"),
    [
        ({}, "+449098790100", "premium-rate numbers"),
        ({}, "+447012300100", "personal numbers"),
        ({}, "+448712345600", "shared-cost numbers"),
        ({"allowed_countries": "GB"}, "+881612345600", "satellite numbers"),
        ({"allowed_countries": "FR"}, "+449098790100", "premium-rate numbers"),
        ({"allowed_countries": "FR", "allowed_number_types": ALL}, "+449098790100", "Calls to GB"),
        ({"allowed_countries": "GB", "allowed_number_types": ALL}, "+881612345600", "no country"),
    ],
)
def test_page_names_the_kind_and_offers_the_call_once_it_is_allowed(
    web, sandbox, visit, settings, phone, words
):
    cast = make_cast(sandbox, **settings)
    lead_id = Api(web.base_url, cast.key).submit(phone=phone).json()["leadId"]
    page = f"/admin/{cast.workspace.slug}/leads/{lead_id}"
    visitor = visit(make_user(cast.workspace))

    held = text_of(visitor.get(page))
    visitor.post(f"{page}/call-again")
    refused = text_of(visitor.get(page))
    cast.workspace.allowed_number_types, cast.workspace.allowed_countries = ALL, ""
    cast.workspace.save()
    offered = text_of(visitor.get(page))
    visitor.post(f"{page}/call-again")

    assert "Not called yet" in held and words in held and "Call now" not in held
    assert "was not called." in refused
    assert "Call now" in offered
    assert [call.body["customer"]["number"] for call in cast.placed()] == [phone]


def test_spelling_of_an_older_release_is_of_its_kind_too(cast, visit):
    lead = make_lead(cast.workspace, phone="+4409098790100")
    page = f"/admin/{cast.workspace.slug}/leads/{lead.pk}"
    visitor = visit(make_user(cast.workspace))

    visitor.post(f"{page}/call-again")

    assert "premium-rate numbers" in text_of(visitor.get(page))
    assert cast.placed() == []
