"""The snippets of /docs, run against a real server: each a form's whole way to Coachbot."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from leads.models import Lead
from tests.client import Api
from tests.coachbot.docs.snippets import spellings
from tests.coachbot.docs.snippets.programs import COMMANDS, Program, is_installed, require
from tests.coachbot.docs.snippets.proxy import Proxy
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
    return make_cast(sandbox, default_country="GB")


@pytest.fixture(scope="module")
def proxy(web):
    with Proxy(web.base_url) as running:
        yield running


@pytest.fixture(scope="module")
def program(language, proxy, shop, tmp_path_factory):
    """A program that is told the address with slashes at its end, as people copy it."""
    address, folder = f"{proxy.base_url}//", tmp_path_factory.mktemp("bin")
    with Program(language, address, shop.key, folder) as running:
        proxy.forget()  # what the start cost
        yield running


@pytest.fixture(scope="module")
def in_all_languages(shop, tmp_path_factory):
    """Return a function that submits through each installed program, all at the same time.

    It takes the server, a phone's ending, and what is done first with the program's key. It
    returns (phone, answer) by language. For programs that wait: their seconds would add up.
    """

    def submit(server, ending="00", first=lambda api: None):
        def run(language, key):
            phone, folder = make_phone(ending=ending), tmp_path_factory.mktemp("bin")
            with Program(language, server.base_url, key, folder) as program:
                first(Api(server.base_url, key))
                return phone, program.submit(**fill_in(phone=phone))

        installed = [language for language in COMMANDS if is_installed(language)]
        keys = [make_key(shop.workspace) for _ in installed]
        with ThreadPoolExecutor(len(installed)) as pool:
            return dict(zip(installed, pool.map(run, installed, keys), strict=True))

    return submit


def fill_in(**fields) -> dict[str, str]:
    return {"name": 'Jane "JJ" O\'Doe', "consent": "on", **fields}


def typed(text: str, phone: str) -> str:
    """Write a British number the way of a spelling."""
    return text.format(f"{phone[3:7]} {phone[7:]}")


def test_lead_is_accepted(program, proxy, shop):
    phone = make_phone()

    status, answer = program.submit(**fill_in(phone=phone, email="jane@acme.com"))

    lead = shop.workspace.leads.get(phone=phone)
    assert (status, answer) == (200, {"ok": True, "leadId": str(lead.pk)})
    assert (lead.name, lead.email) == ('Jane "JJ" O\'Doe', "jane@acme.com")
    assert {seen.path for seen in proxy.seen} == {"/api/public/leads"}


@pytest.mark.parametrize(("text", "sent"), spellings.UNDERSTOOD)
def test_phone_is_sent_as_it_was_typed_without_what_cannot_be_seen(
    program, proxy, shop, text, sent
):
    phone = make_phone()

    status, _ = program.submit(**fill_in(phone=typed(text, phone)))

    assert proxy.seen[-1].body["phone"] == typed(sent, phone)
    assert status == 200
    assert shop.workspace.leads.filter(phone=phone).exists()


def test_number_of_another_country_gets_no_country_code_in_front(program, proxy, shop):
    status, _ = program.submit(**fill_in(phone=spellings.AMERICAN))

    assert proxy.seen[-1].body["phone"] == spellings.AMERICAN
    assert status == 200
    assert shop.workspace.leads.filter(phone=spellings.AMERICAN_MEANS).exists()


@pytest.mark.parametrize("text", spellings.REFUSED)
def test_phone_that_is_not_understood_is_told_at_its_field(program, proxy, text):
    written = typed(text, make_phone())

    answer = program.submit(**fill_in(phone=written))

    assert proxy.seen[-1].body["phone"] == written
    assert answer == (422, {"ok": False, "fields": {"phone": PHONE_MESSAGE}})


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


@pytest.mark.parametrize("name", ["Busy", "Down"])
def test_bad_day_of_a_proxy_is_waited_for(program, proxy, name):
    """One page is no JSON; one has a Retry-After that is a date."""
    proxy.forget()

    status, _ = program.submit(**fill_in(name=name, phone=make_phone()))

    first, second = proxy.attempts(name)
    assert status == 200
    assert first == second
    assert first.key
    assert second.at - first.at >= 0.9


@pytest.mark.parametrize("name", ["Moved", "Refused", "Conflict"])
def test_what_no_retry_would_mend_is_neither_sent_again_nor_a_success(program, proxy, name):
    """It is no fault of the visitor's either, so the page is told to keep the lead."""
    proxy.forget()

    answer = program.submit(**fill_in(name=name, phone=make_phone()))

    assert answer == LATER
    assert len(proxy.attempts(name)) == 1


def test_call_that_is_refused_once_is_tried_again(program, shop):
    phone = make_phone(ending="83")

    status, answer = program.submit(**fill_in(phone=phone))

    assert status == 200
    assert Lead.objects.get(pk=answer["leadId"]).phone == phone
    assert statuses_of_attempts(shop, phone) == [201, 502]


@pytest.fixture(scope="module")
def given_up(in_all_languages, web):
    return in_all_languages(web, ending="41")


def test_it_gives_up_after_three_attempts(language, given_up, shop):
    phone, answer = given_up[language]

    assert answer == LATER
    assert statuses_of_attempts(shop, phone) == [502, 502, 502]


def statuses_of_attempts(shop, phone: str) -> list[int]:
    """Return what the API answered to a phone, in the order of the numbers."""
    rows = shop.workspace.log.filter(kind="api_request", request__phone=phone)
    return sorted(rows.values_list("status_code", flat=True))


@pytest.fixture(scope="module")
def waited(in_all_languages, start_web):
    """Answers to submissions with keys whose limit was just used up for two seconds."""
    server = start_web(PUBLIC_API_RATE_LIMITS="1/2s")
    return in_all_languages(server, first=lambda api: api.read("x"))


def test_it_waits_as_long_as_retry_after_says(language, waited):
    _, (status, _) = waited[language]

    assert status == 200


def test_it_gives_up_at_once_where_the_key_is_wrong(language, web, tmp_path):
    with Program(language, web.base_url, "ck_live_" + "0" * 32, tmp_path) as program:
        assert program.submit(**fill_in(phone=make_phone())) == LATER
