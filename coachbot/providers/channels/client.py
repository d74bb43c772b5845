"""Posting a text to a channel's incoming webhook.

docs/providers/channels.md has the facts this relies on.
"""

from urllib.parse import urlsplit

from coachbot.providers.channels.errors import CAUSES
from coachbot.providers.exchange import Answer, Request
from coachbot.providers.transport import Door

# Discord takes 2,000 characters, the others more.
LONGEST_TEXT = 1_900
LARGEST_ANSWER = 1_000


def post_text(door: Door, url: str, text: str, *, count: int, timeout: float) -> None:
    """Have a text shown in a channel. Raises ProviderError; after Unclear it may be shown.

    url: of the webhook, which is a secret: it is told to nobody. count: how many things the text
    tells of, which is all that the log says of it.
    """
    request = Request(
        operation="channel.post",
        name="The channel",
        action="Channel POST",
        method="POST",
        url=url,
        headers={"Accept": "*/*"},
        json={"text": escaped(text)[:LONGEST_TEXT]},
        told={"notices": count},
        largest=LARGEST_ANSWER,
        hidden=urlsplit(url).path.strip("/") or url,
        is_quiet=True,
        is_strangers=True,
        classify=CAUSES.classify,
    )
    door.ask(request, timeout=timeout, read=_taken)


def escaped(text: str) -> str:
    """Return a text that Slack shows as it is: no link but a plain one, and nobody is called."""
    for mark, shown in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "(at)")):
        text = text.replace(mark, shown)
    return text


def _taken(answer: Answer) -> None:
    """Take any 2xx: Slack answers `ok`, Discord nothing."""
