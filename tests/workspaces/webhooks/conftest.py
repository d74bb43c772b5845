"""A receiver on this machine, an endpoint that leads there, and what a worker does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_workspace
from tests.receivers import make_endpoint, receiver
from workspaces.models import WebhookDelivery, WebhookEndpoint
from workspaces.webhooks import delivery


@pytest.fixture(autouse=True)
def private_addresses(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def hook():
    with receiver() as running:
        yield running


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def endpoint(workspace, hook):
    return make_endpoint(workspace, hook.url)[0]


@pytest.fixture
def secret(endpoint):
    from workspaces.webhooks import signing

    return signing.current_secret(endpoint)


@pytest.fixture
def deliver(workspace):
    """Return a function that does what a worker does when it is woken for a workspace."""

    def run():
        for endpoint in WebhookEndpoint.objects.filter(workspace=workspace):
            delivery.deliver.call_local(endpoint.pk)

    return run


@pytest.fixture
def let_rest_pass(workspace):
    """Return a function that makes due what rests."""

    def run():
        past = timezone.now() - timedelta(seconds=1)
        WebhookDelivery.objects.filter(workspace=workspace, state="pending").update(due_at=past)
        WebhookEndpoint.objects.filter(workspace=workspace).update(rests_until=None)

    return run
