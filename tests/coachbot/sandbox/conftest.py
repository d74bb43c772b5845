"""One sandbox for all tests; each test has a key, and so an org, of its own."""

import pytest

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import make_client


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture
def client(sandbox):
    return make_client(sandbox)


@pytest.fixture
def stranger(sandbox):
    return make_client(sandbox)
