"""Over TLS the certificate is that of the name, though the connection goes to an address."""

import socket

import pytest

from coachbot.providers import addresses, transport
from tests.certificates import make_certificate
from tests.factories import make_webhook, make_workspace
from tests.receivers import receiver
from workspaces.models import WebhookAttempt
from workspaces.webhooks import delivery, endpoints, sending


@pytest.fixture
def hook(tmp_path, monkeypatch):
    """A receiver at every name, with a certificate of hook.example that is trusted."""
    certificate = make_certificate(tmp_path, "hook.example")
    monkeypatch.setattr(transport._strangers, "verify", str(certificate[0]))

    def look_up(host, port, *arguments, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    with receiver(certificate) as running:
        yield running


def attempt_at(host: str, hook) -> WebhookAttempt:
    port = hook.url.rpartition(":")[2].partition("/")[0]
    endpoint = make_webhook(make_workspace(), url=f"https://{host}:{port}/events")
    endpoints.send_test(endpoint)
    delivery.deliver.call_local(endpoint.pk)
    return WebhookAttempt.objects.get(delivery__endpoint=endpoint)


def test_certificate_of_the_name_is_taken_and_the_host_is_named(hook):
    attempt = attempt_at("hook.example", hook)

    assert (attempt.status_code, attempt.error) == (200, "")
    [received] = hook.received
    assert received.headers["host"].startswith("hook.example:")


def test_certificate_of_another_name_is_not_though_it_names_the_address(hook):
    attempt = attempt_at("other.example", hook)

    assert (attempt.status_code, attempt.error) == (None, sending.UNREACHABLE)
    assert hook.received == []
