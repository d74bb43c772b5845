"""Addresses that lead inside: in whatever spelling, nothing is ever connected to."""

import socket
from contextlib import contextmanager

import pytest

from coachbot.providers import addresses
from tests.factories import make_webhook, make_workspace
from tests.workspaces.webhooks.test_delivery import tell
from workspaces.models import WebhookAttempt, WebhookEndpoint
from workspaces.webhooks import delivery, endpoints, targets

# Spellings of this machine, of networks inside, of metadata services, and of other schemes.
INSIDE = [
    *("localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1"),
    *("127.255.255.254", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),
    *("0x7f.1", "0", "0.0.0.0", "0x0", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[3fff::1]"),
    *("[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]"),
    *("10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1"),
    *("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.170.2"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "192.88.99.1"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "[::ffff:169.254.169.254]", "[::ffff:a00:1]"),
]
MALFORMED = [
    *("", "example.com", "//example.com/x", "ftp://example.com/", "file:///etc/passwd"),
    *("http://example.com/", "gopher://127.0.0.1:6379/_x", "https://", "https:///x"),
    *("https://me:secret@example.com/", "https://example.com@127.0.0.1/", "https://@127.0.0.1/"),
    *("https://example.com:8443/", "https://example.com:22/", "https://example.com:99999/"),
    *("https://example.com\\@127.0.0.1/", "https://exa mple.com/", "https://127.0.0.1\r\nHost: x"),
    *("https://[::1", "https://[v1.x]/", "https://exam%70le.com/", "https://.../"),
]


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False


@pytest.fixture
def connections(monkeypatch):
    """Note every connection that is tried, and make none."""
    tried = []

    def connect(self, address):
        if self.family != socket.AF_UNIX:
            tried.append(address)
            raise OSError("no connection is made here")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.mark.parametrize("host", INSIDE)
def test_spelling_that_leads_inside_is_refused_with_a_sentence(host, connections):
    with pytest.raises(targets.BadTarget) as refusal:
        targets.check(targets.read_url(f"https://{host}/events"))

    assert str(refusal.value).endswith(".") and connections == []


@pytest.mark.parametrize("url", MALFORMED)
def test_what_is_no_address_to_send_to_is_refused_with_a_sentence(url, connections):
    with pytest.raises(targets.BadTarget) as refusal:
        targets.check(targets.read_url(url))

    assert len(str(refusal.value)) > 20 and connections == []


def test_there_are_enough_of_them():
    assert len({*INSIDE, *MALFORMED}) >= 80


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700:4700::1111]", "[::ffff:8.8.8.8]"])
def test_public_address_in_digits_is_taken(host):
    targets.check(targets.read_url(f"https://{host}/events"))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" https://Example.com ", "https://example.com/"),
        ("https://example.com:443/x?a=b&c=d#top", "https://example.com/x?a=b&c=d"),
        ("https://bücher.example/täglich", "https://xn--bcher-kva.example/t%C3%A4glich"),
        ("https://example.com/a%20b/@me?x=[1]", "https://example.com/a%20b/@me?x=[1]"),
    ],
)
def test_address_is_stored_in_one_spelling(written, stored):
    assert targets.read_url(written) == stored


@pytest.mark.parametrize("host", INSIDE)
def test_stored_address_that_leads_inside_is_not_connected_to(host, connections):
    """Also where it got into the row by another way than the form."""
    workspace = make_workspace()
    url = f"https://{host.replace('%25eth0', '')}/events"
    endpoint = make_webhook(workspace, url=url)
    endpoints.send_test(endpoint)

    delivery.deliver.call_local(endpoint.pk)

    attempt = WebhookAttempt.objects.get(delivery__endpoint=endpoint)
    assert attempt.status_code is None and attempt.error
    assert connections == []


@contextmanager
def resolving_to(monkeypatch, *answers):
    """Let the name server answer so, one after the other, and the last one from then on."""
    left = list(answers)

    def look_up(host, port, *arguments, **options):
        if host[0].isdigit():
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    yield


def test_name_that_leads_elsewhere_later_is_checked_again_and_pinned(monkeypatch, connections):
    workspace = make_workspace()
    with resolving_to(monkeypatch, ["8.8.8.8"], ["8.8.4.4"], ["127.0.0.1"]):
        endpoint, _ = endpoints.create(workspace, "https://rebinding.example/events")
        tell(workspace)
        delivery.deliver.call_local(endpoint.pk)  # to what was checked, and not to what comes next
        assert connections == [("8.8.4.4", 443)]
        endpoint.deliveries.update(due_at=endpoint.created_at)
        delivery.deliver.call_local(endpoint.pk)

    assert connections == [("8.8.4.4", 443)]
    last = WebhookAttempt.objects.filter(delivery__endpoint=endpoint).latest("pk")
    assert "leads to 127.0.0.1" in last.error


def test_every_address_of_a_name_has_to_be_public(monkeypatch, connections):
    with resolving_to(monkeypatch, ["8.8.8.8", "10.0.0.1"]), pytest.raises(targets.BadTarget):
        targets.check("https://two.example/")

    assert connections == []


def test_redirect_inside_is_not_followed(settings, monkeypatch):
    from tests.receivers import Answer, make_endpoint, receiver

    settings.WEBHOOK_ALLOW_PRIVATE = True
    workspace = make_workspace()
    with receiver() as hook, receiver() as inside:
        endpoint, _ = make_endpoint(workspace, hook.url)
        hook.always = lambda received: Answer(307, headers={"Location": inside.url})
        tell(workspace)
        delivery.deliver.call_local(endpoint.pk)

    assert (len(hook.received), inside.received) == (1, [])
    assert WebhookEndpoint.objects.get(pk=endpoint.pk).failures == 1
