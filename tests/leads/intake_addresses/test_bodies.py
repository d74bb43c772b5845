"""Bodies as tools, people and strangers send them: read, or refused in the envelope; never 5xx."""

import json
import random
from urllib.parse import quote_plus

import pytest

from tests.factories import make_phone
from tests.leads.intake_addresses.forms import BY_NAME, assert_refused, make_form

INVALID = "Request body must be valid JSON."
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def form(web, cast):
    return make_form(web.base_url, cast.workspace)


def encoded(**fields) -> bytes:
    return "&".join(f"{k}={quote_plus(str(v))}" for k, v in fields.items()).encode()


@pytest.mark.parametrize(
    "sent_as",
    [None, "", "text/plain", "application/json", FORM, "application/x-www-form-urlencoded; ;", "?"],
)
def test_json_is_read_whatever_it_is_called(form, sent_as):
    body = json.dumps({"name": "Jane", "phone": make_phone(), "consent": "yes"})
    headers = {} if sent_as is None else {"Content-Type": sent_as}

    assert form.post(data=b"\xef\xbb\xbf  " + body.encode(), headers=headers).status_code == 200


@pytest.mark.parametrize("sent_as", [FORM, "text/plain", f"{FORM}; charset=nonsense"])
def test_urlencoded_is_read_whatever_it_is_called(form, cast, sent_as):
    body = encoded(name="Jané D", phone=make_phone(), consent="on") + b"&day=Mo&day=Tu&a%5B%5D=1"

    response = form.post(data=body, headers={"Content-Type": sent_as})

    assert response.status_code == 200
    lead = cast.workspace.leads.get()
    assert (lead.name, lead.form_responses) == ("Jané D", {"day": "Mo, Tu", "a": "1"})


def test_files_are_not_kept(form, cast):
    fields = {"name": "Jane", "phone": make_phone(), "consent": "on"}
    files = {"cv": ("cv.pdf", b"planted" * 100, "application/pdf")}

    response = form.post(data=fields, files=files)

    assert response.status_code == 200
    assert cast.workspace.leads.get().form_responses == {}
    assert "planted" not in str(list(form.address.arrivals.values()))


def test_nested_names_and_objects_are_one_level(web, cast):
    mapped = {"name_field": "lead.name", "phone_field": "lead.phone"}
    form = make_form(web.base_url, cast.workspace, mapped=mapped, consent={"field": "lead.ok"})

    nested = {"name": "Jane", "phone": make_phone(), "ok": True, "pets": [{"dog": "Xenophon"}]}
    first = form.post(json={"lead": nested, "n": 1.50, "big": 10**30, "none": None})
    body = encoded(**{"lead[name]": "Joe", "lead[phone]": make_phone(), "lead[ok]": 1, "lead": 2})
    second = form.post(data=body, headers={"Content-Type": FORM})

    assert (first.status_code, second.status_code) == (200, 200)
    jane = cast.workspace.leads.get(name="Jane")
    assert jane.form_responses == {
        "lead.pets.1.dog": "Xenophon",
        "n": "1.5",
        "big": str(10**30),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"{",
        b"nonsense",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe",
        b"[" * 5_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b"&".join(b"a%d=1" % n for n in range(2_000)),
    ],
)
def test_what_is_no_form_is_refused(form, cast, body):
    assert_refused(form.post(data=body), 400, INVALID)
    assert cast.workspace.log.filter(code="api.intake", status_code=400).count() == 1


@pytest.mark.parametrize("body", ["{}", "[]", "5", '"text"', "null", "true"])
def test_json_without_fields_is_refused(form, body):
    response = form.post(data=body, headers={"Content-Type": "application/json"})

    assert_refused(response, 400, "Validation failed.")


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nno",
        b"--x\r\n",
        b"--x--",
        b"x",
        b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nv\r\n--x--\r\n',
        b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n",
    ],
)
@pytest.mark.parametrize("sent_as", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_broken_multipart_is_refused(form, body, sent_as):
    response = form.post(data=body, headers={"Content-Type": sent_as})

    assert response.status_code == 400


def test_body_over_64_kib_is_413(form):
    assert_refused(form.send(phone=make_phone(), a="x" * 65_600), 413, "Request body is too large.")


ODD = [
    *("\0", "\ud800", "\u202e", "x" * 40_000, "{", '{"a": {"b": [1]}}', "[]", "[[]]", "%00"),
    *(None, True, 10**400, -1, 1e308, [], {}, [[]], [{}], {"": ""}, {"value": 1, "type": []}),
    *({"value": {"value": 1, "key": {}}, "label": 5}, [{"key": 1}, {"key": 1}, 3]),
    *({"form_response": {"answers": [5]}}, {"id": "x", "options": [{"id": []}], "value": ["x"]}),
]
NAMES = [
    *("name", "phone", "consent", "email", "a", "", ".", "a.b", "a[b][c]", "a[][b]", "[", "a]["),
    *("form_response", "answers", "value", "label", "type", "key", "utm_source", "\0", "x" * 300),
]


@pytest.mark.parametrize("seed", range(40))
def test_any_body_is_answered_in_the_envelope(form, seed):
    made_up = random.Random(seed)

    def some(depth=0):
        if depth < 3 and made_up.random() < 0.3:
            return {made_up.choice(NAMES): some(depth + 1) for _ in range(made_up.randrange(4))}
        if depth < 3 and made_up.random() < 0.2:
            return [some(depth + 1) for _ in range(made_up.randrange(4))]
        return made_up.choice(ODD)

    body = {made_up.choice(NAMES): some() for _ in range(made_up.randrange(12))}
    typical = {"name": "Jane", "phone": make_phone(), "consent": "yes"} if seed % 2 else {}
    text = {**body, **typical}

    for response in (
        form.post(json=text),
        form.post(
            data={name: str(value).encode("utf-8", "replace") for name, value in text.items()}
        ),
        form.post(files=[(n or "n", (None, json.dumps(v))) for n, v in text.items()]),
        form.post(json={"form_response": {"answers": [text], "definition": text}}),
    ):
        assert response.status_code < 500, response.text
        assert response.headers["Content-Type"] == "application/json"
        assert response.json()["ok"] is (response.status_code == 200)


def test_typical_form_is_taken_in_whatever_stands_beside_it(web, cast):
    form = make_form(web.base_url, cast.workspace, mapped=BY_NAME)
    beside = {f"odd {place}": odd for place, odd in enumerate(ODD)}

    assert form.send(phone=make_phone(), **beside).status_code == 200
