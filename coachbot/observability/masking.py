"""What of a request or an answer may be kept: no secrets, nothing endless, only storable text.

Whoever sends a text can choose the one that takes the longest. So each text is cut before it is
looked at, all texts of one value have a budget, and every expression here goes over a text once:
a part that may repeat is possessive (`++`), or begins where the text before it ends.
"""

import re
from functools import lru_cache
from itertools import islice

from coachbot.db.storable import storable

MASK = "•••"
LONGEST_TEXT = 4_000
LONGEST_NAME = 200
# Characters that are kept of one value, whatever it is made of: more than a lead may be.
BUDGET = 100_000
# What anything costs beside its characters: values of a million zeros are cut, too.
COST = 4
MOST_ITEMS = 200
DEEPEST = 12
LONGEST_REMEMBERED = 64
# Of a line that is longer its beginning and its end are printed, this much of each.
HALF_A_LINE = 8_000

SECRET_NAME = re.compile(
    r"authorization|cookie|password|secret|token|api[-_]?key|credential|"
    r"listenUrl|controlUrl|presigned",
    re.IGNORECASE,
)
# A name in JSON that is part of a text, however often it was quoted, and what may follow: a value
# that is no string or plain word is masked with all that comes after, as its end is hard to see.
NAME = re.compile(r'"([^"\\]*+)\\*+("\s*+:\s*+)')
VALUE = re.compile(r'\\*+"(?:\\.|[^"\\])*+"?|[\[{].*+|[^\s,}\]]++', re.DOTALL)
API_KEY = re.compile(r"(ck_live_[0-9a-f]{8})[0-9a-f]++")
BEARER = re.compile(r"(Bearer\s++)\S++", re.IGNORECASE)
# All that stands before an @, as long as something stands behind it.
EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]++@(?=\w)")
# As phones are normalised, and as people write them: a plus sign and at least 7 digits.
PHONE = re.compile(r"(\+\d{2})([\d ()-]++)")


class _Budget:
    """How many characters of a value may still be kept."""

    def __init__(self) -> None:
        self.left = BUDGET

    def cut(self, text: str) -> str:
        """Return as much of a text as may be kept, and count it."""
        longest = max(0, min(LONGEST_TEXT, self.left - COST))
        self.left -= min(len(text), longest) + COST
        return _cut(text, longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def mask(value):
    """Return JSON-like data with secrets masked and long, deep or unstorable parts cut."""
    return _mask(value, _Budget(), 0)


def _mask(value, budget: _Budget, depth: int):
    if isinstance(value, str):
        return _mask_secrets(budget.cut(value))
    if isinstance(value, dict | list | tuple):
        is_kept = depth < DEEPEST and budget.left > 0
        return _mask_items(value, budget, depth + 1) if is_kept else "…"
    budget.left -= COST
    if value is None or (isinstance(value, int | float) and abs(value) < 2**63):
        return value
    return mask_text(str(value))


def _mask_items(value, budget: _Budget, depth: int):
    if not isinstance(value, dict):
        items = islice(value, MOST_ITEMS)
        return [_mask(item, budget, depth) for item in items if budget.left > 0]
    masked = {}
    for name, item in islice(value.items(), MOST_ITEMS):
        if budget.left <= 0:
            break
        shown, is_secret = _name(str(name))
        budget.left -= len(shown)
        masked[shown] = MASK if is_secret else _mask(item, budget, depth)
    return masked


def mask_text(text: str) -> str:
    """Return text with secrets masked, storable and of bounded length."""
    return _mask_secrets(_cut(text, LONGEST_TEXT))


def mask_line(text: str) -> str:
    """Return a line for stdout: without keys, and with phones and e-mails unreadable."""
    text = _mask_keys(text if len(text) <= 2 * HALF_A_LINE else _both_ends(text))
    if "@" in text:
        text = EMAIL.sub(f"{MASK}@", text)
    return PHONE.sub(_masked_phone, text) if "+" in text else text


def _both_ends(text: str) -> str:
    """Return the beginning and the end of a text: a traceback says last what went wrong.

    No line is cut but the first, and of that no word: half a key would not be known for one.
    """
    beginning = text[:HALF_A_LINE].rpartition("\n")[0]
    if not beginning:
        beginning = text[:HALF_A_LINE].rpartition(" ")[0]
    end = text[-HALF_A_LINE:].partition("\n")[2]
    return f"{beginning}… {len(text)} characters …{end}"


def _masked_phone(match: re.Match[str]) -> str:
    begin, rest = match.groups()
    kept = rest.rstrip(" ()-")
    if len(kept) < 5:
        return match[0]
    return f"{begin}{MASK}{kept[-2:]}{rest[len(kept) :]}"


def _mask_secrets(text: str) -> str:
    text = storable(text)
    return _mask_keys(_mask_pairs(text) if '"' in text else text)


def _mask_pairs(text: str) -> str:
    """Mask the values of secret names in JSON that is part of a text."""
    kept, begin, position = [], 0, 0
    while match := NAME.search(text, position):
        position = match.start(2)  # the quote may also begin the next name
        if SECRET_NAME.search(match[1]) and (value := VALUE.match(text, match.end())):
            kept += [text[begin : value.start()], f'"{MASK}"']
            begin = position = value.end()
    return "".join([*kept, text[begin:]])


def _mask_keys(text: str) -> str:
    if "ck_live_" in text:
        text = API_KEY.sub(rf"\1{MASK}", text)
    if "bearer" in text.lower():
        text = BEARER.sub(rf"\1{MASK}", text)
    return text


def _name(name: str) -> tuple[str, bool]:
    """Return a name as it may be kept, and whether its values are secrets.

    Names repeat, so they are remembered, but for long ones: a caller may make those up. What
    has a name of more than LONGEST_NAME is taken for a secret, as that is not read to its end.
    """
    if len(name) > LONGEST_NAME:
        return f"{mask_text(name[:LONGEST_NAME])}…", True
    return _judge(name) if len(name) > LONGEST_REMEMBERED else _remembered(name)


def _judge(name: str) -> tuple[str, bool]:
    return mask_text(name), SECRET_NAME.search(name) is not None


_remembered = lru_cache(maxsize=1024)(_judge)
