"""The snippets of /docs, run against a real server: each a form's whole way to Coachbot."""

import pytest

from leads.models import Lead
from tests.client import Api
from tests.coachbot.docs.snippets.programs import COMMANDS, Program, require
from tests.factories import make_cast, make_key, make_lead, make_phone

PHONE_MESSAGE = "Phone must be a valid E.164-style number."
LATER = (503, {"ok": False, "message": "Please try again later."})


@pytest.fixture(scope="module", params=COMMANDS)
def language(request):
    require(request.param)
    return request.param


@pytest.fixture(scope="module")
def shop(sandbox):
    """The workspace that the programs of this module send to."""
    return make_cast(sandbox)


@pytest.fixture(scope="module")
def program(language, web, shop, tmp_path_factory):
    with Program(language, web.base_url, shop.key, tmp_path_factory.mktemp("bin")) as running:
        yield running


def fill_in(**fields) -> dict[str, str]:
    return {"name": 'Jane "JJ" O\'Doe', "consent": "on", **fields}


def national(phone: str) -> str:
    """Write a British number as the British do."""
    return f"0{phone[3:7]} {phone[7:]}"


def test_lead_is_accepted_with_its_phone_written_nationally(program, shop):
    phone = make_phone()

    status, answer = program.submit(**fill_in(phone=national(phone), email="jane@acme.com"))

    lead = shop.workspace.leads.get(phone=phone)
    assert (status, answer) == (200, {"ok": True, "leadId": str(lead.pk)})
    assert (lead.name, lead.email) == ('Jane "JJ" O\'Doe', "jane@acme.com")


@pytest.mark.parametrize("written", ["+44 (0)79{}", "0044 79{}", "+44-79{}"])
def test_other_ways_to_write_a_phone(program, shop, written):
    phone = make_phone()

    status, _ = program.submit(**fill_in(phone=written.format(phone[5:])))

    assert status == 200
    assert shop.workspace.leads.filter(phone=phone).exists()


def test_lead_that_is_there_already_is_a_success(program, shop):
    lead = make_lead(shop.workspace)

    answer = program.submit(**fill_in(phone=lead.phone))

    assert answer == (200, {"ok": True, "leadId": str(lead.pk)})


def test_what_has_to_be_corrected_is_told_by_field(program):
    without_consent = program.submit(name="Jane", phone=make_phone())
    wrong = program.submit(**fill_in(name="", phone="12", email="jane"))

    assert without_consent == (
        422,
        {"ok": False, "fields": {"consent": "`consent` must be true."}},
    )
    assert wrong[0] == 422
    assert set(wrong[1]["fields"]) == {"name", "phone", "email"}
    assert wrong[1]["fields"]["phone"] == PHONE_MESSAGE


def test_call_that_is_refused_once_is_tried_again(program, shop):
    phone = make_phone(ending="83")

    status, answer = program.submit(**fill_in(phone=phone))

    assert status == 200
    assert Lead.objects.get(pk=answer["leadId"]).phone == phone
    assert statuses_of_attempts(shop, phone) == [201, 502]


def test_it_gives_up_after_three_attempts(program, shop):
    phone = make_phone(ending="41")

    assert program.submit(**fill_in(phone=phone)) == LATER
    assert statuses_of_attempts(shop, phone) == [502, 502, 502]


def statuses_of_attempts(shop, phone: str) -> list[int]:
    """Return what the API answered to a phone, in the order of the numbers."""
    rows = shop.workspace.log.filter(kind="api_request", request__phone=phone)
    return sorted(rows.values_list("status_code", flat=True))


def test_it_waits_as_long_as_retry_after_says(language, start_web, cast, tmp_path):
    server = start_web(PUBLIC_API_RATE_LIMITS="1/2s")
    key = make_key(cast.workspace)
    with Program(language, server.base_url, key, tmp_path) as program:
        Api(server.base_url, key).read("x")

        status, _ = program.submit(**fill_in(phone=make_phone()))

    assert status == 200


def test_it_gives_up_at_once_where_the_key_is_wrong(language, web, tmp_path):
    with Program(language, web.base_url, "ck_live_" + "0" * 32, tmp_path) as program:
        assert program.submit(**fill_in(phone=make_phone())) == LATER
