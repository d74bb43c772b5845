"""What of a request or an answer may be kept: no secrets, nothing endless, only storable text."""

import re
from functools import lru_cache
from itertools import islice

from coachbot.db.storable import storable

MASK = "•••"
LONGEST_TEXT = 4_000
MOST_ITEMS = 200
DEEPEST = 12
LONGEST_REMEMBERED = 64

SECRET_NAMES = (
    r"authorization|cookie|password|secret|token|api[-_]?key|credential|"
    r"listenUrl|controlUrl|presigned"
)
SECRET_NAME = re.compile(SECRET_NAMES, re.IGNORECASE)
# The same names in JSON that is part of a text, however often it was quoted. A value that
# is no string or plain word is masked with all that follows, as its end is hard to see.
SECRET_PAIR = re.compile(
    rf'("[^"\\]*(?:{SECRET_NAMES})[^"\\]*\\*"\s*:\s*)'
    r'(?:\\*"(?:\\.|[^"\\])*"?|[\[{].*|[^\s,}\]]+)',
    re.IGNORECASE | re.DOTALL,
)
API_KEY = re.compile(r"(ck_live_[0-9a-f]{8})[0-9a-f]+")
BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
# As phones are normalised, and as people write them: a plus sign and at least 7 digits.
PHONE = re.compile(r"(\+\d{2})[\d ()-]{3,}(\d{2})")


def mask(value, depth: int = 0):
    """Return JSON-like data with secrets masked and long, deep or unstorable parts cut."""
    if isinstance(value, str):
        return mask_text(value)
    if depth >= DEEPEST and isinstance(value, dict | list):
        return "…"
    if isinstance(value, dict):
        masked = {}
        for name, item in islice(value.items(), MOST_ITEMS):
            shown, is_secret = _name(str(name))
            masked[shown] = MASK if is_secret else mask(item, depth + 1)
        return masked
    if isinstance(value, list | tuple):
        return [mask(item, depth + 1) for item in value[:MOST_ITEMS]]
    if value is None or (isinstance(value, int | float) and abs(value) < 2**63):
        return value
    return mask_text(str(value))


def mask_text(text: str) -> str:
    """Return text with secrets masked, storable and of bounded length."""
    text = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    text = storable(text)
    if '"' in text:
        text = SECRET_PAIR.sub(rf'\1"{MASK}"', text)
    return _mask_keys(text)


def mask_line(text: str) -> str:
    """Return a line for stdout: without keys, and with phones and e-mails unreadable."""
    text = _mask_keys(text)
    if "@" in text:
        text = EMAIL.sub(rf"{MASK}@\1", text)
    return PHONE.sub(rf"\1{MASK}\2", text) if "+" in text else text


def _mask_keys(text: str) -> str:
    if "ck_live_" in text:
        text = API_KEY.sub(rf"\1{MASK}", text)
    if "bearer" in text.lower():
        text = BEARER.sub(rf"\1{MASK}", text)
    return text


def _name(name: str) -> tuple[str, bool]:
    """Return a name as it may be kept, and whether its values are secrets.

    Names repeat, so they are remembered, but for long ones: a caller may make those up.
    """
    return _judge(name) if len(name) > LONGEST_REMEMBERED else _remembered(name)


def _judge(name: str) -> tuple[str, bool]:
    return mask_text(name), SECRET_NAME.search(name) is not None


_remembered = lru_cache(maxsize=1024)(_judge)
