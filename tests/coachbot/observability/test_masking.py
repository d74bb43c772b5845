"""What masking hides, and that no text can be made up for which it takes long."""

import json
import time

import pytest

from coachbot.observability import masking
from coachbot.observability.masking import MASK, mask, mask_line, mask_text

KEY = f"ck_live_{'0123abcd' * 4}"
# Each is repeated: what is slow at one text that anybody can send is slow for everybody.
PIECES = {
    "digits": "7",
    "phones": "+4479460018 ",
    "phone and spaces": "+44 (",
    "one long phone": "+44 7",
    "dots": ".",
    "dotted": "a.1.",
    "ats": "@",
    "ats and dots": "a@1.",
    "word": "x",
    "spaces": " ",
    "quotes": '"',
    "backslashes": "\\",
    "quoted quotes": '\\"',
    "secret names": "token",
    "open secret names": '"token',
    "names and spaces": '"token" ',
    "pairs": '"a": "b", ',
    "secret pairs": '"token": "b", ',
    "secret objects": '"token": [',
    "plain secrets": '"token":x,',
    "bearers": "Bearer ",
    "keys": "ck_live_01234567",
    "not printable": "\x00a",
    "lines": "a\n",
}
TEXTS = {
    **{
        name: lambda size, piece=piece: piece * (size // len(piece))
        for name, piece in PIECES.items()
    },
    "an at behind a word": lambda size: "x" * (size - 2) + " @",
    "a plus before digits": lambda size: "+" + "7" * (size - 1),
    "a plus before spaces": lambda size: "+44" + " " * (size - 3),
    "a bearer before spaces": lambda size: "Bearer" + " " * (size - 6),
    "a secret that does not end": lambda size: '"token": "' + "\\x" * (size // 2),
    "a name that does not end": lambda size: '"' + "token" * (size // 5),
    "spaces behind a name": lambda size: '"token"' + " " * size,
}
VALUES = {
    "texts": lambda size: [list(('"token ' * 570)[:4_000] for _ in range(size // 4_000 + 1))],
    "names": lambda size: {"x" * size: "y"},
    "nested": lambda size: json.loads("[" * 500 + "]" * 500),
    "wide": lambda size: [[[0] * 100] * 100] * (size // 10_000 + 1),
    "long number": lambda size: 10 ** min(size, 4_000),
}


def cpu(function, value) -> float:
    """Return the least processor time of some tries, in seconds."""
    tries = []
    for _ in range(3):
        began = time.thread_time()
        function(value)
        tries.append(time.thread_time() - began)
    return min(tries)


def assert_grows_no_faster_than_its_input(function, make) -> None:
    """16 times the text may take 16 times as long, and some more for a machine that is busy."""
    small, large = cpu(function, make(4_000)), cpu(function, make(64_000))

    assert large < 40 * max(small, 0.000_1), f"{small * 1000:.2f} ms and {large * 1000:.2f} ms"


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("function", [mask_text, mask_line, mask])
def test_every_expression_is_linear_also_where_nothing_is_cut(monkeypatch, function, make):
    for name in ("LONGEST_TEXT", "HALF_A_LINE", "BUDGET"):
        monkeypatch.setattr(masking, name, 1_000_000)

    assert_grows_no_faster_than_its_input(function, make)


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("function", [mask_text, mask_line, mask])
def test_text_is_cut_before_it_is_looked_at(function, make):
    assert cpu(function, make(5_000_000)) < 0.1
    assert len(function(make(5_000_000))) < 20_000


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
def test_a_value_has_a_budget_whatever_it_is_made_of(make):
    assert cpu(mask, make(5_000_000)) < 0.25
    assert len(json.dumps(mask(make(5_000_000)), ensure_ascii=False)) < 250_000


def test_what_is_the_size_of_a_lead_is_kept_whole():
    lead = {"goal": "x" * 4_000, "metadata": {f"field {n}": "y" * 100 for n in range(150)}}

    assert mask(lead) == lead


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("to jane.doe+x@acme.example now", f"to {MASK}@acme.example now"),
        ("<jürgen@acme.example>", f"<{MASK}@acme.example>"),
        ("a@b.com1x@d.de", f"{MASK}@{MASK}@d.de"),
        ("postgres://user:hunter2@host/db", f"postgres://user:{MASK}@host/db"),
        ("call +44 (0)7946 00-18, now", f"call +44{MASK}18, now"),
        ("+447946001800", f"+44{MASK}00"),
        ("+44 7946 0018 1-2", f"+44{MASK}-2"),
        (f"key {KEY} sent", f"key ck_live_0123abcd{MASK} sent"),
        ("authorization: bearer abc.def", f"authorization: bearer {MASK}"),
        ("4 + 4 at 12:00 +00:00 @workspace", "4 + 4 at 12:00 +00:00 @workspace"),
    ],
)
def test_line_is_printed_without_keys_phones_and_addresses(line, printed):
    assert mask_line(line) == printed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"token": "abc", "a": 1}', f'{{"token": "{MASK}", "a": 1}}'),
        (r'"{\"apiKey\": \"abc\"}"', rf'"{{\"apiKey\": "{MASK}"'),
        ('{"a": {"password": 1234, "b": 2}}', f'{{"a": {{"password": "{MASK}", "b": 2}}}}'),
        ('{"secrets": ["a", "b"]} and more', f'{{"secrets": "{MASK}"'),
        ('"a":token":"v"', f'"a":token":"{MASK}"'),
        ('{"token": "abc', f'{{"token": "{MASK}"'),
        ('{"name": "Jane", "cookies": null}', f'{{"name": "Jane", "cookies": "{MASK}"}}'),
    ],
)
def test_secrets_in_json_that_is_text_are_masked(text, kept):
    assert mask_text(text) == kept


def test_end_of_a_long_traceback_is_printed_and_no_part_of_a_key():
    text = f"{'begin ' * 1_000}{KEY * 100}\n{'middle ' * 1_000}\nValueError: the end"

    line = mask_line(f"{'x' * 7_990}\n{text}")

    assert line.endswith("ValueError: the end")
    assert "0123abcd0123" not in line and len(line) < 17_000


def test_value_under_a_name_too_long_to_read_is_taken_for_a_secret():
    assert list(mask({f"{'x' * 10_000}password": "hunter2"}).values()) == [MASK]
