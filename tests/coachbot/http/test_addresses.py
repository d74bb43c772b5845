"""Whose address counts: behind proxies that write it in one form or another."""

import pytest

from leads.models import Lead
from tests.client import Api


@pytest.fixture(scope="module")
def behind_proxy(start_web):
    return start_web(TRUSTED_PROXIES="1", PUBLIC_API_RATE_LIMITS="1000/m")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.8", "203.0.113.8"),
        ("203.0.113.8:51234", "203.0.113.8"),
        ("::ffff:203.0.113.8", "203.0.113.8"),
        ("[::ffff:203.0.113.8]:443", "203.0.113.8"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("198.51.100.1, 203.0.113.8:51234", "203.0.113.8"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.8:port", "127.0.0.1"),
    ],
)
def test_address_of_consent_is_the_client_s(behind_proxy, cast, forwarded, address):
    api = Api(behind_proxy.base_url, cast.key)

    response = api.submit(headers={"X-Forwarded-For": forwarded})

    assert Lead.objects.get(pk=response.json()["leadId"]).consent_address == address


def test_clients_of_a_socket_for_both_protocols_are_limited_one_by_one(start_web):
    server = start_web(TRUSTED_PROXIES="1", FAILED_KEY_RATE_LIMIT="1/d")
    api = Api(server.base_url, "ck_live_" + "0" * 32)

    def status(address: str) -> int:
        return api.read("x", headers={"X-Forwarded-For": address}).status_code

    statuses = [status(f"::ffff:203.0.113.{host}") for host in (1, 2, 1)]

    assert statuses == [401, 401, 429]
    assert status("203.0.113.2:51234") == 429
