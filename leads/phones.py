"""The contract's rules for phone numbers. Pure."""

import re

SHORTEST, LONGEST = 7, 32
WRITTEN = re.compile(r"\+?[0-9 ()-]+", re.ASCII)
NORMAL = re.compile(r"\+[1-9][0-9]{6,14}")
MESSAGE = "Phone must be a valid E.164-style number."


class BadPhone(ValueError):
    """The text is no phone number; `str()` is the contract's sentence."""


def normalise(text: str) -> str:
    """Return `+` and digits for a number as people write it. Raises BadPhone."""
    if not SHORTEST <= len(text) <= LONGEST or not WRITTEN.fullmatch(text.strip(" ")):
        raise BadPhone(MESSAGE)
    number = "+" + re.sub(r"[^0-9]", "", text)
    if not NORMAL.fullmatch(number):
        raise BadPhone(MESSAGE)
    return number
