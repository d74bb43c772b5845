"""Over 300 ugly bodies: none makes a 5xx, and no answer leaves the envelope."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import Api
from tests.factories import make_cast, make_phone

FIELDS = ("name", "phone", "consent", "email", "goal", "metadata", "formResponses")
# JSON values as text, since Python would refuse to write some of them.
VALUES = (
    *("null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e400", "-1e400", "1e-400"),
    *("NaN", "Infinity", "-Infinity", "9" * 30, "9" * 5000, "0.1" + "0" * 400 + "1"),
    *('""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\uffff"'),
    *('"\u202e\u200b"', '"\\n\\r\\t"', '"\\u001b[31m"', '"<script>alert(1)</script>"'),
    *('"\' OR 1=1 --"', '"{{ 7*7 }}"', '"%s%n%x"', '"../../etc/passwd"', '"😀"', '"é"'),
    *('"' + "x" * 121 + '"', '"' + "x" * 2001 + '"', '"' + "é" * 9000 + '"'),
    *("[]", "[[]]", "[null]", '["a"]', "{}", '{"": ""}', '{"a": null}', '{"a": {"b": []}}'),
    *('{"\\u0000": 1}', '{"\\ud800": "x"}', '{"__proto__": {}}', '{"a": 1e400}'),
    *("[" * 50 + "]" * 50, '{"a":' * 60 + "1" + "}" * 60, '{"k": "' + "v" * 17_000 + '"}'),
)
# Whole bodies as bytes.
BODIES = (
    *(b"", b" ", b"\n", b"\x00", b"\xff", b"\xef\xbb\xbf{}", b"\xfe\xff\x00{\x00}", b"null"),
    *(b"true", b"0", b'"text"', b"[]", b"{}", b"[{}]", b"{", b"}", b"{]", b"{,}", b'{"a"}'),
    *(b'{"a":}', b'{"a":1,}', b"{'a':1}", b"{a:1}", b'{"a":1}{"b":2}', b'{"a":1} x', b"// x\n{}"),
    *(b"<xml/>", b"a=1&b=2", b"name=Jane&consent=true", b"undefined", b"NaN", b"-", b"+1", b"01"),
    *(b'"\\x41"', b'"\\u12"', b'"\\ud800"', b'"unterminated', b'{"name": "\xc3\x28"}'),
    *(b"[" * 100_000, b'{"a":' * 5_000, b"[" * 900 + b"]" * 900, b"9" * 60_000, b"1e999999999"),
    *(b"{" + b" " * 60_000 + b"}", b'{"x":"' + b"y" * 65_000 + b'"}', b"\x80" * 1000),
)


def with_value(field: str, value: str) -> bytes:
    """Return a body that is right but for one field."""
    right = {"name": '"Jane"', "phone": f'"{make_phone()}"', "consent": "true"}
    fields = {**right, field: value}
    body = ", ".join(f'"{name}": {text}' for name, text in fields.items())
    return f"{{{body}}}".encode("utf-8", "surrogatepass")


def nested_value(value: str) -> bytes:
    """Return a body whose metadata and answers hold a value."""
    return with_value("metadata", f'{{"a": [{value}], "b": {{"c": {value}}}}}')


@pytest.fixture(scope="module")
def corpus() -> list[bytes]:
    bodies = [with_value(field, value) for field in FIELDS for value in VALUES]
    bodies += [nested_value(value) for value in VALUES]
    return [*bodies, *BODIES]


def test_no_ugly_body_breaks_anything(web, sandbox, corpus):
    api = Api(web.base_url, make_cast(sandbox, is_paused=True).key)
    as_json = {"Content-Type": "application/json"}

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda body: api.post(data=body, headers=as_json), corpus))

    assert len(corpus) >= 300
    for body, response in zip(corpus, responses, strict=True):
        story = f"{body[:200]!r} -> {response.status_code} {response.text[:200]}"
        assert response.status_code in (201, 400, 413), story
        answer = json.loads(response.content)
        if response.status_code != 201:
            assert set(answer) <= {"ok", "error", "message", "issues"}, story
            assert answer["ok"] is False, story
