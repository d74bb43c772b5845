"""The loop on /docs/read-lead, run as it stands there, but for how often it asks."""

import re

import pytest

from coachbot.docs import pages
from leads.calls.placing import confirming
from leads.models import CallStatus
from tests.factories import make_lead, open_call


@pytest.fixture
def loop(web, cast, monkeypatch):
    """The loop's own names, asking the test server every 50 ms."""
    monkeypatch.setenv("COACHBOT_API_KEY", cast.key)
    text = pages.text_of(pages.BY_NAME["read-lead"])
    [code] = re.findall(r"```python\n((?:(?!```).)*def wait_for_the_end.*?)```", text, re.DOTALL)
    names = {}
    exec(code, names)
    assert names["EVERY"] * 100 > 3600, "100 requests an hour are one every 36 seconds"
    names.update(URL=web.base_url, EVERY=0.05)
    return names["wait_for_the_end"]


@pytest.fixture
def call(cast):
    """A call in progress, of a lead."""
    call = open_call(make_lead(cast.workspace), request_id="test")
    confirming.confirm(call, f"vapi-{call.pk}"[:64])
    return call


def test_it_returns_the_lead_when_its_call_is_over(loop, call):
    type(call).objects.filter(pk=call.pk).update(status=CallStatus.ENDED)

    found = loop(str(call.lead_id), patience=10)

    assert found["lead"]["id"] == str(call.lead_id)
    assert found["voiceCall"]["status"] == "ended"


def test_it_returns_the_lead_as_it_is_when_patience_runs_out(loop, call):
    found = loop(str(call.lead_id), patience=0.3)

    assert found["voiceCall"]["status"] == "in_progress"
