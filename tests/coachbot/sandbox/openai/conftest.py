"""A client of the model, whose key nobody else has."""

import pytest

from tests.coachbot.sandbox.openai.client import Client


@pytest.fixture
def model(sandbox):
    return Client(sandbox)
