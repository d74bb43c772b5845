"""Whose address counts: behind proxies that write it in one form or another."""

import json

import pytest

from leads.models import Lead
from tests import wire
from tests.client import PATH, Api
from tests.factories import make_phone
from tests.servers import ForkedWebServer

NONE = None  # nobody knows: neither the proxy's address nor what the client made up


def address_of_consent(server, cast, *forwarded: str) -> str | None:
    """Submit a lead with so many X-Forwarded-For headers. Return what is kept of its origin."""
    body = json.dumps({"name": "Jane Doe", "phone": make_phone(), "consent": True}).encode()
    head = [
        f"POST {PATH} HTTP/1.1",
        f"Authorization: Bearer {cast.key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "X-Forwarded-Proto: https",
        *(f"X-Forwarded-For: {value}" for value in forwarded),
    ]
    answer = wire.send(server.base_url, "\n".join(head), body)
    return Lead.objects.get(pk=answer.json()["leadId"]).consent_address


@pytest.fixture(scope="module")
def behind_proxy(start_web):
    return start_web(TRUSTED_PROXIES="1", PUBLIC_API_RATE_LIMITS="1000/m")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.8", "203.0.113.8"),
        ("203.0.113.8:51234", "203.0.113.8"),
        ("::ffff:203.0.113.8", "203.0.113.8"),
        ("::FFFF:CB00:7108", "203.0.113.8"),
        ("[::ffff:203.0.113.8]:443", "203.0.113.8"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ('"203.0.113.8"', "203.0.113.8"),
        ("fe80::1%eth0", "fe80::1"),
        ("198.51.100.1, 203.0.113.8:51234", "203.0.113.8"),
        ("198.51.100.1,203.0.113.8,", "203.0.113.8"),
        (" , 203.0.113.8", "203.0.113.8"),
        ("", "127.0.0.1"),
        ("unknown", NONE),
        ("198.51.100.1, unknown", NONE),
        ("_hidden", NONE),
        ("203.0.113.8:port", NONE),
        ("203.0.113.999", NONE),
        ("<script>", NONE),
        ("x" * 30_000, NONE),
    ],
)
def test_address_of_consent_is_the_client_s(behind_proxy, cast, forwarded, address):
    assert address_of_consent(behind_proxy, cast, forwarded) == address


def test_several_headers_are_read_as_one(behind_proxy, cast):
    found = address_of_consent(behind_proxy, cast, "198.51.100.1", "203.0.113.8:51234")

    assert found == "203.0.113.8"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.1, 203.0.113.8, 10.0.0.7", "203.0.113.8"),
        ("203.0.113.8, 10.0.0.7", "203.0.113.8"),
        ("203.0.113.8", "203.0.113.8"),  # past the first proxy
    ],
)
def test_as_many_proxies_as_are_trusted_are_passed_over(start_web, cast, forwarded, address):
    server = start_web(TRUSTED_PROXIES="2", PUBLIC_API_RATE_LIMITS="1000/m")

    assert address_of_consent(server, cast, forwarded) == address


def test_without_a_proxy_nobody_is_believed(start_web, cast):
    server = start_web(TRUSTED_PROXIES="0", PUBLIC_API_RATE_LIMITS="1000/m")

    assert address_of_consent(server, cast, "203.0.113.8") == "127.0.0.1"


def test_clients_of_a_socket_for_both_protocols_are_limited_one_by_one(start_web):
    server = start_web(TRUSTED_PROXIES="1", FAILED_KEY_RATE_LIMIT="1/d")
    api = Api(server.base_url, "ck_live_" + "0" * 32)

    def status(address: str) -> int:
        return api.read("x", headers={"X-Forwarded-For": address}).status_code

    statuses = [status(f"::ffff:203.0.113.{host}") for host in (1, 2, 1)]

    assert statuses == [401, 401, 429]
    assert status("203.0.113.2:51234") == 429


def test_socket_for_both_protocols_knows_ipv4_clients_and_proxies_by_their_own_address(
    providers, cast
):
    """It sees both as ::ffff:127.0.0.1, which FORWARDED_ALLOW_IPS does not list."""
    server = ForkedWebServer(**providers, SECURE_SSL_REDIRECT="1")
    server.settings["WEB_BIND"] = f"[::]:{server.port}"
    server.start()
    try:
        assert address_of_consent(server, cast) == "127.0.0.1"
    finally:
        server.kill()
