"""Text that every database can hold."""

import re

# PostgreSQL stores neither NUL nor lone surrogates, in text or in JSON.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return text with what cannot be stored replaced by the replacement character."""
    # Nearly all text is printable, and quickly seen to be; neither of these is.
    return text if text.isprintable() else UNSTORABLE.sub("\ufffd", text)
