"""Cutting an answer into messages: at paragraphs, else at sentences, else at words."""

import re

# Twilio takes no more in one message (its error 21617).
LONGEST = 1_600
MOST_PARTS = 3
ENDS = (re.compile(r"\n\s*\n"), re.compile(r"(?<=[.!?…])\s+|\n"), re.compile(r"\s+"))


def cut(text: str, *, longest: int = LONGEST) -> list[str]:
    """Return a text in parts of at most so many characters, in their order."""
    rest, parts = text.strip(), []
    while len(rest) > longest:
        at = _place(rest, longest)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest else parts


def _place(text: str, longest: int) -> int:
    """Return where to cut: after as much as possible, but for a good end of at least a third."""
    for end in ENDS:
        places = [found.start() for found in end.finditer(text[: longest + 1])]
        fitting = [place for place in places if longest // 3 <= place <= longest]
        if fitting:
            return fitting[-1]
    return longest
