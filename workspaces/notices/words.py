"""What may stand in a notice: one clean line, without a phone number, an address or a key.

What people type reaches subjects of mails and channels here: it must not turn the text around it,
begin a new line, look like a link, or call everybody in a channel.
"""

import re
import unicodedata

from coachbot.observability.masking import MASK, mask_line
from coachbot.visible import is_blank, without_turning
from workspaces.models.notice import LONGEST_TEXT

LONGEST_NAME = 60
NOBODY = "A lead"
# Seven digits and more, however they are grouped.
NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){6,}")
# A dot between letters, of whatever script, is what a mail program makes a link of.
DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=\w)")
MARKS = re.compile(r"[:/\\@<>\[\]`|]+")


def person(name: str) -> str:
    """Return a lead's name as it may stand in a mail or a channel."""
    masked = NUMBER.sub(MASK, mask_line(one_line(name)))
    clean = " ".join(MARKS.sub(" ", DOT.sub(". ", masked)).split())
    return NOBODY if is_blank(clean) else cut(clean, LONGEST_NAME)


def one_line(text: str) -> str:
    """Return text without control characters and what turns it, on one line."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return without_turning(spaced)


def sentence(text: str) -> str:
    """Return a text of ours for a notice: on one line, without what is masked in the log."""
    return cut(mask_line(one_line(text)), LONGEST_TEXT)


def cut(text: str, longest: int) -> str:
    """Return a text of that length at most."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
