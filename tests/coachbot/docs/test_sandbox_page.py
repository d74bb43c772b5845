"""/docs/sandbox is written out, as a deployment has no sandbox; here it is held to be true."""

from coachbot.docs import pages
from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.vapi import outcomes


def test_it_shows_the_sandboxs_own_tables():
    text = pages.text_of(pages.BY_NAME["sandbox"])
    rows = [line for line in text.splitlines() if line.startswith("| `")]

    tables = (*outcomes.TABLE, *event_types.TABLE)
    assert rows == [f"| `{row.digits}` | {row.says} |" for row in tables]
