"""A sandbox that plays at once, an ear for its webhooks, and an account."""

import pytest

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.twilio.client import Client, Server


@pytest.fixture(scope="session")
def quick():
    with Sandbox(pace=0) as running:
        yield running


@pytest.fixture
def ear():
    with Server() as server:
        yield server.ear
        server.shutdown()


@pytest.fixture
def account(quick, ear):
    return Client(quick, ear)
