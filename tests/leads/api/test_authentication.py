"""The Authorization header: who gets in, and what everybody else is told."""

import uuid
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from tests import wire
from tests.client import PATH, Api
from tests.envelope import assert_error
from tests.factories import make_lead, make_workspace
from tests.windows import make_limited_key
from workspaces import api_keys
from workspaces.models import ApiKey

MISSING = "Missing Authorization header."
MALFORMED = "Authorization header must use the `Bearer <api key>` scheme."
INVALID = "API key is invalid or revoked."
MINUTE = "Rate limit exceeded. Wait a minute before retrying."


def ask(web, headers, method="POST"):
    path = PATH if method == "POST" else f"{PATH}/{uuid.uuid4()}"
    return requests.request(method, web.base_url + path, headers=headers, timeout=30)


def row_of(key: str) -> ApiKey:
    return ApiKey.objects.get(prefix=key[8:16])


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_request_without_a_header_is_refused(web, method):
    response = ask(web, {}, method)

    assert_error(response, 401, MISSING)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer: {key}",
        "{key}",
        "Token {key}",
        "Basic {key}",
        "Bearer{key}",
        "Bearer {key} extra",
        "Bearer {key}, Bearer {key}",
        "Bearer\t{key}",
        "Bearer {key}\xe9",
        "Bearer <api key>",
    ],
)
def test_malformed_header_is_refused(web, cast, method, header):
    text = header.format(key=cast.key)

    response = ask(web, {"Authorization": text.encode("latin-1")}, method)

    assert_error(response, 401, MALFORMED)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key: key[:-1],
        lambda key: key + "0",
        lambda key: key.upper(),
        lambda key: key.replace("live", "test"),
        lambda key: key[8:],
        lambda key: f"ck_live_{uuid.uuid4().hex}",
        lambda key: '"' + key + '"',
        lambda key: "x" * 8_000,
        lambda key: "ck_live_" + "0" * 20_000,
    ],
)
def test_unknown_and_mistyped_keys_are_refused_alike(web, cast, method, change):
    response = ask(web, {"Authorization": f"Bearer {change(cast.key)}"}, method)

    assert_error(response, 401, INVALID)
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_key_is_refused_from_the_request_after_its_revocation(api, cast):
    lead = make_lead(cast.workspace)
    before = api.read(lead.pk)

    api_keys.revoke_key(cast.key[8:16])
    after = api.read(lead.pk)

    assert before.status_code == 200
    assert_error(after, 401, INVALID)
    assert after.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_revoked_key_stays_for_the_audit(cast):
    api_keys.revoke_key(cast.key[8:16])

    assert row_of(cast.key).revoked_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_scheme_is_known_in_any_case(web, cast, scheme):
    lead = make_lead(cast.workspace)

    response = requests.get(
        f"{web.base_url}{PATH}/{lead.pk}",
        headers={"Authorization": scheme + cast.key},
        timeout=30,
    )

    assert response.status_code == 200


def test_two_headers_are_refused(web, cast):
    head = f"GET {PATH}/x HTTP/1.1\n" + f"Authorization: Bearer {cast.key}\n" * 2

    assert_error(wire.send(web.base_url, head), 401, MALFORMED)


def test_key_of_a_deleted_workspace_is_told_so(api, cast):
    cast.workspace.delete()

    for response in (api.submit(), api.read(uuid.uuid4()), api.post(data=b"no json")):
        assert_error(response, 404, "Workspace not found.")
    assert row_of(cast.key).workspace is None


def test_key_is_stored_as_prefix_and_digest_only(cast):
    row = ApiKey.objects.filter(pk=row_of(cast.key).pk).values().get()

    stored = " ".join(str(value) for value in row.values())
    assert cast.key[8:16] in stored
    assert cast.key not in stored and cast.key[16:] not in stored


def test_last_use_shows_when_a_key_last_worked(api, cast):
    never = row_of(cast.key).last_used_at
    api.read(uuid.uuid4())
    first = row_of(cast.key).last_used_at
    ApiKey.objects.filter(prefix=cast.key[8:16]).update(last_used_at=first - timedelta(hours=1))

    api.read(uuid.uuid4())

    assert never is None
    assert row_of(cast.key).last_used_at >= first


def test_failed_authentication_leaves_no_trace_of_use(web, cast):
    wrong = cast.key[:-1] + ("0" if cast.key[-1] != "0" else "1")

    ask(web, {"Authorization": f"Bearer {wrong}"})

    assert row_of(cast.key).last_used_at is None


def test_failed_authentication_is_limited_by_address(start_web):
    web = start_web(FAILED_KEY_RATE_LIMIT="3/d", TRUSTED_PROXIES="1")

    responses = [ask(web, {"X-Forwarded-For": "192.0.2.1"}) for _ in range(5)]
    elsewhere = ask(web, {"X-Forwarded-For": "192.0.2.2"})

    assert [response.status_code for response in responses] == [401, 401, 401, 429, 429]
    assert 1 <= int(responses[3].headers["Retry-After"]) <= 86400
    assert elsewhere.status_code == 401


def test_addresses_of_one_ipv6_network_share_their_failures(start_web):
    web = start_web(FAILED_KEY_RATE_LIMIT="3/d", TRUSTED_PROXIES="1")

    addresses = [f"2001:db8:0:7:{n}::{n}" for n in range(4)]
    responses = [ask(web, {"X-Forwarded-For": address}) for address in addresses]

    assert [response.status_code for response in responses] == [401, 401, 401, 429]


def test_made_up_addresses_do_not_help_against_the_limit(start_web):
    web = start_web(FAILED_KEY_RATE_LIMIT="3/d", TRUSTED_PROXIES="1")

    chains = [f"198.51.100.{n}, 192.0.2.3" for n in range(4)]
    responses = [ask(web, {"X-Forwarded-For": chain}) for chain in chains]

    assert [response.status_code for response in responses] == [401, 401, 401, 429]


def test_address_that_failed_too_often_still_gets_in_with_a_good_key(start_web, cast):
    web = start_web(FAILED_KEY_RATE_LIMIT="3/d", TRUSTED_PROXIES="1")
    api = Api(web.base_url, cast.key)
    lead = make_lead(cast.workspace)
    for _ in range(5):
        ask(web, {"X-Forwarded-For": "192.0.2.7"})

    response = api.ask("GET", f"{PATH}/{lead.pk}", headers={"X-Forwarded-For": "192.0.2.7"})

    assert response.status_code == 200


def test_failed_authentication_does_not_use_up_the_limit_of_a_key(start_web):
    web = start_web(PUBLIC_API_RATE_LIMITS="2/h", FAILED_KEY_RATE_LIMIT="100000/m")
    key = make_limited_key(make_workspace())
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    for _ in range(5):
        ask(web, {"Authorization": f"Bearer {wrong}"})

    statuses = [ask(web, {"Authorization": f"Bearer {key}"}).status_code for _ in range(3)]

    assert statuses == [400, 400, 429]


def test_authentication_comes_before_everything_else(web):
    headers = {"Content-Type": "text/plain"}

    response = requests.post(web.base_url + PATH, data=b"{" * 100_000, headers=headers, timeout=30)

    assert_error(response, 401, MISSING)
