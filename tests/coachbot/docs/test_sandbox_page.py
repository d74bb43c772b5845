"""/docs/sandbox is written out, as a deployment has no sandbox; here it is held to be true."""

from coachbot.docs import pages
from coachbot.sandbox.vapi import outcomes


def test_it_shows_the_sandboxs_own_table():
    text = pages.text_of(pages.BY_NAME["sandbox"])
    rows = [line for line in text.splitlines() if line.startswith("| `")]

    assert rows == [f"| `{outcome.digits}` | {outcome.says} |" for outcome in outcomes.TABLE]
