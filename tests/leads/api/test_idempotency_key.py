"""Idempotency-Key: the same request again gets the same answer again, and does nothing."""

import re
import secrets
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from leads.intake import idempotency
from leads.models.intake.idempotent_request import IdempotentRequest
from tests.client import Api
from tests.command_line import manage
from tests.envelope import VALIDATION_FAILED, assert_error, issue
from tests.factories import make_cast, make_key, make_lead, make_phone
from tests.servers import ForkedWebServer, wait_until
from tests.windows import make_limited_api

UNAVAILABLE = "Service temporarily unavailable."
STILL_RUNNING = "The first request with this Idempotency-Key is still running."
REUSED = "idempotency_key_reused"
REUSED_MESSAGE = "This Idempotency-Key was used with another body. Make a new one."


def new_key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}


def same_answer(first, second) -> bool:
    """Tell whether two answers agree in all that a client may act on."""
    return (first.status_code, first.content, first.headers["Location"]) == (
        second.status_code,
        second.content,
        second.headers["Location"],
    )


def test_repetition_gets_the_first_answer_byte_for_byte(api, cast):
    key, phone = new_key(), make_phone()

    first = api.submit(phone=phone, headers=key)
    second = api.submit(phone=phone, headers=key)

    assert first.status_code == 201
    assert same_answer(first, second)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(cast.placed()) == 1


def test_repeated_duplicate_stays_a_duplicate(api, cast):
    key, lead = new_key(), make_lead(cast.workspace)

    first = api.submit(phone=lead.phone, headers=key)
    lead.delete()
    second = api.submit(phone=lead.phone, headers=key)

    assert_error(second, 409, "duplicate_phone", message=first.json()["message"])
    assert same_answer(first, second)
    assert cast.placed() == []


def test_key_with_another_body_is_refused(api, cast):
    key = new_key()
    api.submit(headers=key)

    response = api.submit(headers=key)

    assert_error(response, 422, REUSED, message=REUSED_MESSAGE)
    assert len(cast.placed()) == 1


def test_quoted_and_bare_are_the_same_key(api):
    phone = make_phone()

    first = api.submit(phone=phone, headers={"Idempotency-Key": '"a \\"key\\" 1"'})
    second = api.submit(phone=phone, headers={"Idempotency-Key": 'a "key" 1'})

    assert same_answer(first, second)


@pytest.mark.parametrize("key", ["", '""', '"open', "x" * 256, "caf\xe9", '"a";b=1'])
def test_what_is_no_key_is_a_400(api, cast, key):
    response = api.submit(headers={"Idempotency-Key": key.encode("latin-1")})

    expected = issue("Idempotency-Key", message=idempotency.BAD_KEY)
    assert_error(response, 400, VALIDATION_FAILED, issues=[expected])
    assert cast.placed() == []


@pytest.mark.parametrize("key", ["x", "x" * 255, '"' + "x" * 255 + '"'])
def test_keys_have_up_to_255_characters(api, key):
    assert api.submit(headers={"Idempotency-Key": key}).status_code == 201


def test_refused_submission_does_not_use_its_key_up(api):
    key, phone = new_key(), make_phone()

    refused = api.submit(phone=phone, name="", headers=key)
    accepted = api.submit(phone=phone, headers=key)

    assert (refused.status_code, accepted.status_code) == (400, 201)


def test_call_that_could_not_be_placed_is_tried_again(api, cast):
    key, phone = new_key(), make_phone(ending="83")  # refused first, then accepted

    refused = api.submit(phone=phone, headers=key)
    accepted = api.submit(phone=phone, headers=key)

    assert (refused.status_code, accepted.status_code) == (502, 201)
    assert "Idempotent-Replayed" not in accepted.headers


def test_rate_limit_does_not_use_a_key_up(start_web, cast):
    limited = make_limited_api(start_web(PUBLIC_API_RATE_LIMITS="1/h"), cast.workspace)
    limited.read("x")

    response = limited.submit(headers=new_key())

    assert response.status_code == 429
    assert not cast.workspace.idempotent_requests.exists()


def test_one_of_many_is_executed_and_its_answer_is_everybody_s(api, cast):
    key, phone = new_key(), make_phone(ending="70")  # answers after a second

    with ThreadPoolExecutor(40) as pool:
        responses = list(pool.map(lambda _: api.submit(phone=phone, headers=key), range(40)))

    assert Counter(r.status_code for r in responses) == {201: 40}
    assert len({(r.content, r.headers["Location"]) for r in responses}) == 1
    assert sum("Idempotent-Replayed" not in r.headers for r in responses) == 1
    assert len(cast.placed()) == 1


def test_more_twins_than_may_wait_are_told_to_come_again(api, cast):
    key, phone = new_key(), make_phone(ending="71")  # answers after three seconds

    with ThreadPoolExecutor(140) as pool:
        responses = list(pool.map(lambda _: api.submit(phone=phone, headers=key), range(140)))

    assert {r.status_code for r in responses} <= {201, 503}
    assert len({r.content for r in responses if r.status_code == 201}) == 1
    assert all(int(r.headers["Retry-After"]) >= 1 for r in responses if r.status_code == 503)
    assert len(cast.placed()) == 1


def test_twin_of_a_duplicate_gets_the_same_409(api, cast):
    key, phone = new_key(), make_phone(ending="71")
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(api.submit, phone=phone)
        wait_until(cast.placed, "the call to be placed")
        twins = [pool.submit(api.submit, phone=phone, headers=key) for _ in range(2)]

    answers = [twin.result() for twin in twins]
    assert first.result().status_code == 201
    assert [answer.status_code for answer in answers] == [409, 409]
    assert same_answer(*answers)


def test_twin_runs_as_if_it_came_first_where_the_first_is_refused(api, cast):
    key, phone = new_key(), make_phone(ending="83")  # refused first, then accepted

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: api.submit(phone=phone, headers=key), range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 502]
    assert len(cast.placed()) == 1


def test_keys_belong_to_the_workspace(web, sandbox, cast):
    key, phone = new_key(), make_phone()
    other = make_cast(sandbox)
    first, second, stranger = (
        Api(web.base_url, api_key) for api_key in (cast.key, make_key(cast.workspace), other.key)
    )

    answers = [client.submit(phone=phone, headers=key) for client in (first, second, stranger)]

    assert same_answer(answers[0], answers[1])
    assert answers[2].status_code == 201
    assert answers[2].json()["leadId"] != answers[0].json()["leadId"]


def test_killed_request_does_not_lock_its_key(web, sandbox, cast):
    server = ForkedWebServer(
        VAPI_BASE_URL=sandbox.base_url, PUBLIC_API_RATE_LIMITS="1000/m"
    ).start()
    key, phone = new_key(), make_phone(ending="71")  # answers after three seconds
    doomed = threading.Thread(
        target=lambda: pytest.raises(
            OSError, Api(server.base_url, cast.key).submit, phone=phone, headers=key
        )
    )
    doomed.start()
    wait_until(cast.placed, "the call to be placed")
    server.kill()
    doomed.join()
    api = Api(web.base_url, cast.key)

    started = time.monotonic()
    while_leased = api.submit(phone=phone, headers=key)
    waited = time.monotonic() - started
    run_leases_out(cast.workspace)
    after = api.submit(phone=phone, headers=key)
    again = api.submit(phone=phone, headers=key)

    assert_error(while_leased, 503, UNAVAILABLE, message=STILL_RUNNING)
    assert int(while_leased.headers["Retry-After"]) >= 1
    assert 8 < waited < 15
    assert (after.status_code, after.json()["error"]) == (409, "duplicate_phone")
    assert same_answer(after, again)
    assert len(cast.placed()) == 1


def run_leases_out(workspace):
    """Let sixteen seconds pass for what the killed process held."""
    past = timezone.now() - timedelta(seconds=1)
    workspace.idempotent_requests.update(lease_until=past)
    workspace.calls.update(lease_until=past)


def test_key_is_forgotten_after_24_hours(api, cast):
    key, lead = new_key(), make_lead(cast.workspace)
    api.submit(phone=lead.phone, headers=key)
    day_ago = timezone.now() - idempotency.KEPT_FOR
    cast.workspace.idempotent_requests.update(created_at=day_ago)

    response = api.submit(headers=key)

    assert response.status_code == 201
    assert cast.workspace.idempotent_requests.count() == 1


def test_nightly_command_forgets_what_is_a_day_old_and_nothing_else(api, cast):
    for _ in range(3):
        api.submit(headers=new_key())
    rows = cast.workspace.idempotent_requests
    old = rows.order_by("pk")[:2].values("pk")
    rows.filter(pk__in=list(old.values_list("pk", flat=True))).update(
        created_at=timezone.now() - idempotency.KEPT_FOR
    )

    result = manage("apply_retention")

    assert result.returncode == 0, result.stderr
    assert re.search(r"^(\d+) Idempotency-Keys forgotten\.$", result.stdout, re.MULTILINE)
    assert rows.count() == 1


def test_nothing_of_the_person_is_kept_with_a_key(api, cast):
    phone = make_phone()
    key = {"Idempotency-Key": f"form-{phone}"}

    receipt = api.submit(phone=phone, name="Wilhelmina", headers=key).json()

    [row] = IdempotentRequest.objects.filter(workspace=cast.workspace).values()
    assert receipt["leadId"] in row["answer"]
    assert not any(word in str(row) for word in ("Wilhelmina", phone, phone[1:]))


def test_without_the_header_nothing_is_kept(api, cast):
    api.submit()

    assert not cast.workspace.idempotent_requests.exists()


def test_key_is_kept_under_the_digest_of_earlier_releases(api, cast):
    api.submit(headers={"Idempotency-Key": "form-1"})

    digest = salted_hmac("leads.idempotency.key", "form-1", algorithm="sha256").hexdigest()
    assert cast.workspace.idempotent_requests.get().key_digest == digest
