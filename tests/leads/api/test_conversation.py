"""GET of a lead that is written to: `conversation`, and its transcript."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.client import Api
from tests.factories import make_conversation, make_key, make_lead, make_message, make_workspace

BEGUN = datetime(2026, 6, 7, 13, 3, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def workspace():
    return make_workspace(channel="whatsapp")


@pytest.fixture
def lead(workspace):
    return make_lead(workspace)


@pytest.fixture
def read(web, workspace, lead):
    """Return a function that reads the conversation with the lead."""
    api = Api(web.base_url, make_key(workspace))
    return lambda: api.read(lead.pk).json()


def write(conversation, *messages):
    """Write messages a second apart: of each the author, the text, and what differs."""
    for place, (author, body, fields) in enumerate(messages):
        at = BEGUN + timedelta(seconds=place)
        make_message(conversation, body, author=author, created_at=at, **fields)


def test_conversation_is_told_with_its_times_and_transcript(read, lead):
    conversation = make_conversation(
        lead,
        message_count=3,
        last_inbound_at=BEGUN,
        last_outbound_at=BEGUN + timedelta(minutes=1),
        window_until=BEGUN + timedelta(hours=24, minutes=-5),
    )
    write(
        conversation,
        ("agent", "Hi Jane, you asked about plans.", {"kind": "template", "purpose": "opener"}),
        ("lead", "Yes!\nFor 12 people.", {}),
        ("agent", "When suits you?", {}),
    )

    body = read()

    assert body["voiceCall"] is None
    assert body["conversation"] == {
        "messageCount": 3,
        "lastInboundAt": "2026-06-07T13:03:40.000Z",
        "lastOutboundAt": "2026-06-07T13:04:40.000Z",
        "windowOpenUntil": "2026-06-08T12:58:40.000Z",
        "transcript": "AI: Hi Jane, you asked about plans.\nUser: Yes!\nFor 12 people.\n"
        "AI: When suits you?\n",
    }


def test_what_a_member_wrote_is_nobody_elses(read, lead):
    write(make_conversation(lead), ("lead", "A person, please.", {}), ("person", "I am Ann.", {}))

    assert read()["conversation"]["transcript"] == "User: A person, please.\nPerson: I am Ann.\n"


def test_what_is_no_text_stands_in_brackets(read, lead):
    place = {"place": {"label": "Big Ben", "latitude": "51.5", "longitude": "-0.12"}}
    variables = {"variables": {"1": "Jane", "2": "Acme"}}
    write(
        make_conversation(lead),
        ("agent", "", {"kind": "template", "purpose": "opener", "details": variables}),
        ("lead", "", {"kind": "audio"}),
        ("lead", "My desk", {"kind": "image"}),
        ("lead", "", {"kind": "location", "details": place}),
        ("lead", "Yes, please", {"kind": "button"}),
    )

    assert read()["conversation"]["transcript"].splitlines() == [
        "AI: [template] Jane, Acme",
        "User: [voice note]",
        "User: [picture] My desk",
        "User: [place] Big Ben, 51.5, -0.12",
        "User: Yes, please",
    ]


@pytest.mark.parametrize("status", ["pending", "sending", "failed", "undelivered", "not_sent"])
def test_what_did_not_reach_the_lead_is_no_part_of_the_transcript(read, lead, status):
    write(make_conversation(lead), ("lead", "Hello?", {}), ("agent", "Hi", {"status": status}))

    assert read()["conversation"]["transcript"] == "User: Hello?\n"


def test_where_nothing_was_written_yet_nothing_is_known(read):
    assert read()["conversation"] == {
        "messageCount": 0,
        "lastInboundAt": None,
        "lastOutboundAt": None,
        "windowOpenUntil": None,
        "transcript": None,
    }


def test_lead_that_is_called_has_no_conversation(api, cast):
    assert api.read(make_lead(cast.workspace).pk).json()["conversation"] is None
