"""Many requests with one phone at once: one call, and a 409 only once it is confirmed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from leads.models import Lead
from tests.client import Api
from tests.factories import make_cast, make_key, make_phone

TWINS = 50


def submit_at_once(api: Api, phone: str, times: int = TWINS) -> list:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: api.submit(phone=phone), range(times)))


def test_one_of_fifty_twins_is_called(api, cast):
    responses = submit_at_once(api, make_phone())

    assert Counter(r.status_code for r in responses) == {201: 1, 409: TWINS - 1}
    assert len(cast.placed()) == 1


def test_twins_wait_while_a_slow_call_is_placed(api, cast):
    responses = submit_at_once(api, make_phone(ending="70"), times=10)

    assert Counter(r.status_code for r in responses) == {201: 1, 409: 9}
    assert len(cast.placed()) == 1


def test_a_waiting_twin_gets_its_own_attempt_when_the_first_is_refused(api, cast):
    responses = submit_at_once(api, make_phone(ending="80"))

    statuses = Counter(r.status_code for r in responses)
    assert statuses == {502: 1, 201: 1, 409: TWINS - 2}
    [call] = cast.placed()
    [accepted] = [r.json() for r in responses if r.status_code == 201]
    assert accepted["vapiCallId"] == call.id


def test_duplicate_names_a_lead_that_stays(api, cast):
    responses = submit_at_once(api, make_phone(ending="80"), times=10)

    duplicates = [r for r in responses if r.status_code == 409]
    [accepted] = [r.json()["leadId"] for r in responses if r.status_code == 201]
    assert {r.headers["Location"] for r in duplicates} == {f"/api/public/leads/{accepted}"}
    assert Lead.objects.filter(pk=accepted).exists()


def test_twins_with_different_keys_of_one_workspace_are_twins(web, cast):
    phone = make_phone(ending="70")
    clients = [Api(web.base_url, make_key(cast.workspace)) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda client: client.submit(phone=phone), clients))

    assert sorted(r.status_code for r in responses) == [201, 409, 409, 409]


@pytest.mark.parametrize("ending", ["00", "41"])
def test_same_phone_in_another_workspace_is_no_twin(web, sandbox, ending):
    phone = make_phone(ending=ending)
    casts = [make_cast(sandbox) for _ in range(3)]

    statuses = [Api(web.base_url, cast.key).submit(phone=phone).status_code for cast in casts]

    assert len(set(statuses)) == 1
