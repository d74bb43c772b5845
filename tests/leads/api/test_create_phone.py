"""POST /api/public/leads: phone numbers as people write them, and what is no phone number."""

from concurrent.futures import ThreadPoolExecutor

import phonenumbers
import pytest

from leads.models import Lead
from tests.client import Api
from tests.envelope import VALIDATION_FAILED, assert_error, issue
from tests.factories import make_call, make_cast, make_lead
from tests.spellings import REFUSED, UNDERSTOOD

MESSAGE = "Phone must be a valid E.164-style number."


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+447123456789", "+447123456789"),
        ("447123456789", "+447123456789"),
        ("+44 (7123) 456-789", "+447123456789"),
        (" +44 7123 456789 ", "+447123456789"),
        ("(44)7123456789", "+447123456789"),
        ("1234567", "+1234567"),
        ("+123456789012399", "+123456789012399"),
        ("+1 (234) - 567 - 890 - (12399)--", "+123456789012399"),
    ],
)
def test_phone_is_normalised(api, cast, written, normal):
    response = api.submit(phone=written)

    assert response.status_code == 201
    assert Lead.objects.get(pk=response.json()["leadId"]).phone == normal
    assert cast.placed()[0].body["customer"]["number"] == normal


@pytest.mark.parametrize(
    "phone",
    [
        None,
        "",
        "       ",
        447123456789,
        list("+447123456789"),  # as many members as a phone has characters
        dict.fromkeys("+447123456"),
        True,
        ["+447123456789"],
        {"number": "+447123456789"},
        "123456",
        "+123456",
        "12 3456",
        "+1234567890123456",
        "0447123456789",
        "+0447123456789",
        "(0)447123456789",
        "++447123456789",
        "44+7123456789",
        "+44 7123 456789 ext 5",
        "+44712345678\0",
        "\0+44712345678",
        "+4471234567\ud800",
        "-------",
        "+      ",
        "+1" + " " * 25 + "234567",
    ],
)
def test_anything_else_is_refused(api, cast, phone):
    response = api.submit(phone=phone)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("phone", message=MESSAGE)])
    assert not cast.placed()


def test_one_phone_in_two_spellings_is_a_duplicate(api):
    first = api.submit(phone="+44 (7123) 456-789")

    second = api.submit(phone="447123456789")

    assert second.status_code == 409
    assert second.headers["Location"] == first.headers["Location"]


def test_one_phone_may_be_a_lead_of_two_workspaces(api, web, sandbox):
    phone = "+447123456789"
    other = Api(web.base_url, make_cast(sandbox).key)

    statuses = [client.submit(phone=phone).status_code for client in (api, other)]

    assert statuses == [201, 201]


def place_in(cast, country: str) -> None:
    cast.workspace.default_country = country
    cast.workspace.save()


@pytest.mark.parametrize(("country", "written", "stored"), UNDERSTOOD)
def test_spelling_means_the_number_that_its_country_gives_it(api, cast, country, written, stored):
    cast.workspace.is_paused = True  # the sandbox goes by the last digits
    place_in(cast, country)

    response = api.submit(phone=written)

    assert response.status_code == 201, response.text
    assert cast.workspace.leads.get().phone == stored


@pytest.mark.parametrize(("country", "written"), REFUSED)
def test_letters_second_numbers_and_missing_codes_are_refused(api, cast, country, written):
    place_in(cast, country)

    response = api.submit(phone=written)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("phone", message=MESSAGE)])
    assert not cast.placed()


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("", "+54 11 15 2345 6789", "+54 9 11 2345 6789"),
        ("", "+44 (0)20 7946 0018", "+44 20 7946 0018"),
        ("US", "(415) 555-2671", "+1 415 555 2671"),
        ("GB", "07911 123400", "\u202a+44 7911 123400\u202c"),
    ],
)
def test_one_line_in_two_spellings_is_called_once(api, cast, country, one, other):
    place_in(cast, country)
    first = api.submit(phone=one)

    second = api.submit(phone=other)

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.headers["Location"] == first.headers["Location"]
    assert len(cast.placed()) == 1


@pytest.mark.parametrize(
    ("country", "stored", "written"),
    [
        ("", "+4402079460018", "+44 20 7946 0018"),
        ("", "+4402079460018", "+44 (0)20 7946 0018"),
        ("", "+54111523456788", "+54 9 11 2345 6788"),
        ("US", "+4155552671", "(415) 555-2671"),
        ("US", "+4155552671", "+1 415 555 2671"),
        ("", "+114155552671", "+1 415 555 2671"),
        ("RU", "+89123456789", "+7 912 345 67 89"),
        ("", "+3606201234567", "+36 20 123 4567"),
        ("", "+5215512345678", "+52 55 1234 5678"),
    ],
)
def test_lead_that_is_stored_under_an_older_spelling_is_a_duplicate(
    api, cast, country, stored, written
):
    place_in(cast, country)
    lead = make_lead(cast.workspace, phone=stored)

    response = api.submit(phone=written)

    assert (response.status_code, response.json()["error"]) == (409, "duplicate_phone")
    assert response.headers["Location"].endswith(str(lead.pk))
    assert cast.workspace.leads.get().phone == stored


def test_number_of_another_country_is_no_older_spelling(api, cast):
    make_lead(cast.workspace, phone="+4155550123")

    assert api.submit(phone="+1 415 555 0123").status_code == 201


def test_twins_of_an_older_spelling_are_all_duplicates(api, cast):
    make_lead(cast.workspace, phone="+4402079460018")

    statuses = submit_at_once(api, ["+44 20 7946 0018", "+44 (0)20 7946 0018"] * 10)

    assert statuses == [409] * 20
    assert not cast.placed()


def test_twins_in_several_spellings_are_one_lead_and_one_call(api, cast):
    statuses = submit_at_once(api, ["+54 11 15 2345 6700", "+54 9 11 2345 6700"] * 10)

    assert sorted(statuses) == [201] + [409] * 19
    assert len(cast.placed()) == 1


def test_lead_under_an_older_spelling_that_is_being_placed_is_waited_for(api, cast):
    """A process of the release before was placing it and died; Vapi knows nothing of the call."""
    older = make_lead(cast.workspace, phone="+4402079460018", accepted_at=None)
    make_call(older, status="dialing")

    response = api.submit(phone="+44 20 7946 0018")

    assert response.status_code == 201
    assert [lead.phone for lead in cast.workspace.leads.all()] == ["+442079460018"]
    assert len(cast.placed()) == 1


def submit_at_once(api, phones) -> list[int]:
    with ThreadPoolExecutor(len(phones)) as pool:
        return [r.status_code for r in pool.map(lambda phone: api.submit(phone=phone), phones)]


def test_invisible_characters_do_not_count(api, cast):
    written = "\u202a" * 20 + "+44 (0) 20 - 7946 - 0018" + "\u202c" * 20 + " " * 20

    assert api.submit(phone=written).status_code == 201
    assert cast.workspace.leads.get().phone == "+442079460018"


def test_table_of_spellings_is_a_wide_one():
    countries = {
        phonenumbers.parse(stored).country_code
        for *_, stored in UNDERSTOOD
        if not stored.startswith("+999")
    }

    assert len(UNDERSTOOD) + len(REFUSED) >= 150
    assert len(countries) >= 30
