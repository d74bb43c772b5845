"""2,000 messages of 100 calls, each sent twice, shuffled, by 8 clients at once.

SQLite, which writes one after the other, gets 600 of 30.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from leads.calls import progress
from leads.calls.placing import confirming
from leads.models import Call
from tests.factories import make_cast, make_lead, open_call
from tests.vapi_messages import (
    PICKED_UP_MS,
    TURNS,
    Reporter,
    about,
    end_of_call_report,
    item,
    status_update,
    tool_calls,
)

MESSAGES_PER_CALL = 20
CALLS_PER_STORY = 10 if connection.vendor == "postgresql" else 3
CLIENTS = 8
# How calls end: the reason, whether the line was picked up, whether a report comes.
STORIES = [
    ("customer-ended-call", True, True),
    ("assistant-ended-call", True, True),
    ("voicemail", True, True),
    ("customer-did-not-answer", False, False),
    ("customer-busy", False, True),
    ("call.start.error-get-transport", False, False),
    ("call.in-progress.error-vapifault-worker-died", True, True),
    ("silence-timed-out", True, False),
    ("exceeded-max-duration", True, True),
    (None, True, False),  # still running
]
TOOLS = [
    ("updateLeadProfile", {"goal": "Run", "notes": "Likes mornings."}),
    ("endConversation", {}),
]
LEAD_FIELDS = ("status", "qualification_notes", "goal", "profile")


def make_call(workspace, name) -> dict:
    """Make a call in progress. Return its id as Vapi knows it."""
    call = open_call(make_lead(workspace), request_id=name)
    confirming.confirm(call, f"{workspace.pk}-{name}")
    return {"id": f"{workspace.pk}-{name}"}


def messages_of(call, story) -> list[dict]:
    """Return the messages of one call in their order, with the noise between them."""
    reason, is_picked_up, is_reported = story
    messages = [status_update(call, "queued"), status_update(call, "ringing")]
    if is_picked_up:
        messages.append(status_update(call, "in-progress"))
        messages += [tool_calls(call, item(*tool, id=f"call_{tool[0]}")) for tool in TOOLS]
    if reason:
        messages.append(status_update(call, "ended", endedReason=reason))
    if is_reported:
        messages.append(end_of_call_report(call, reason, artifact={"messages": TURNS}))
    noise = {"timestamp": PICKED_UP_MS, "type": "speech-update", **about(call)}
    return messages[:2] + [noise] * (MESSAGES_PER_CALL - len(messages)) + messages[2:]


def states(workspace) -> dict:
    """Return what each call of a workspace and its lead came to, by the name of the call."""
    calls = Call.objects.filter(workspace=workspace).select_related("lead")
    return {
        call.request_id: [getattr(call, name) for name in progress.COLUMNS]
        + [getattr(call.lead, name) for name in LEAD_FIELDS]
        for call in calls
    }


@pytest.fixture
def orderly(web, sandbox):
    """The states by story number after one call of each, in order and without repetition."""
    workspace = make_cast(sandbox).workspace
    reporter = Reporter(web.base_url, workspace)
    for number, story in enumerate(STORIES):
        for message in messages_of(make_call(workspace, str(number)), story):
            assert reporter.send(message).status_code == 200
    return states(workspace)


def test_crowd_ends_in_the_state_of_the_orderly_run(web, cast, reporter, orderly):
    crowd = [
        message
        for number, story in enumerate(STORIES)
        for copy in range(CALLS_PER_STORY)
        for message in messages_of(make_call(cast.workspace, f"{number}-{copy}"), story)
    ]
    assert len(crowd) == (2000 if connection.vendor == "postgresql" else 600)
    twice = crowd * 2
    random.Random(4).shuffle(twice)

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(reporter.send, twice))

    assert {answer.status_code for answer in answers} == {200}
    assert states(cast.workspace) == {
        f"{number}-{copy}": orderly[str(number)]
        for number in range(len(STORIES))
        for copy in range(CALLS_PER_STORY)
    }
