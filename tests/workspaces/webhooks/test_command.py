"""manage.py create_webhook, and the secrets when the encryption key is replaced."""

import base64
import os

import pytest

from tests.command_line import manage
from tests.factories import make_webhook
from workspaces.models import WebhookEndpoint
from workspaces.webhooks import signing

URL = "https://8.8.8.8/events"


def test_last_line_is_the_secret(workspace):
    run = manage("create_webhook", workspace.slug, URL, "--events", "lead.booked, call.ended")

    endpoint = WebhookEndpoint.objects.get(workspace=workspace)
    assert run.stdout.splitlines()[-1] == signing.current_secret(endpoint)
    assert (endpoint.url, endpoint.types) == (URL, "call.ended,lead.booked")


def test_without_events_it_is_told_of_all(workspace):
    manage("create_webhook", workspace.slug, URL)

    workspace.refresh_from_db()
    assert workspace.told_types == "*"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", URL], "no workspace"),
        (["{slug}", "https://10.0.0.1/"], "leads to 10.0.0.1"),
        (["{slug}", URL, "--events", "lead.won"], "There is no event 'lead.won'"),
        (["{slug}", URL, "--events", "endpoint.test"], "There is no event 'endpoint.test'"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(workspace, arguments, words):
    run = manage("create_webhook", *[part.format(slug=workspace.slug) for part in arguments])

    assert run.returncode == 1 and words in run.stderr
    assert not WebhookEndpoint.objects.filter(workspace=workspace).exists()


def test_secrets_are_sealed_anew(workspace, settings):
    endpoint = make_webhook(workspace)
    before, secret = endpoint.sealed, signing.current_secret(endpoint)
    new = base64.b64encode(os.urandom(32)).decode()
    old_keys = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [new, *old_keys]

    resealed, unreadable = signing.reseal_all()

    endpoint.refresh_from_db()
    assert resealed >= 1 and endpoint.sealed != before
    assert signing.current_secret(endpoint) == secret
    settings.ENCRYPTION_KEYS = [*old_keys, new]
    signing.reseal_all()  # as other tests know the old key alone
    assert unreadable == []
