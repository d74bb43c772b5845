"""/docs/sandbox is written out, as a deployment has no sandbox; here it is held to be true."""

from coachbot.docs import pages
from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.openai import behaviours
from coachbot.sandbox.twilio import outcomes as of_messages
from coachbot.sandbox.twilio.leads.shapes import SHAPES
from coachbot.sandbox.twilio.settings import Signing, Telling
from coachbot.sandbox.vapi import outcomes


def test_it_shows_the_sandboxs_own_tables():
    text = pages.text_of(pages.BY_NAME["sandbox"])
    rows = [line for line in text.splitlines() if line.startswith("| `")]

    of_digits = [(row.digits, row.says) for row in (*outcomes.TABLE, *of_messages.TABLE)]
    of_names = [(row.name, row.says) for row in behaviours.TABLE]
    of_ids = [(row.digits, row.says) for row in event_types.TABLE]
    expected = [*of_digits, *of_names, *of_ids]
    assert rows == [f"| `{first}` | {says} |" for first, says in expected]


def test_it_names_what_can_be_asked_of_messages():
    text = pages.text_of(pages.BY_NAME["sandbox"])

    assert [word for word in (*SHAPES, *Telling, *Signing) if f"`{word}`" not in text] == []
