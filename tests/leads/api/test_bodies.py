"""POST /api/public/leads: bodies that are not JSON, too large, or oddly sent."""

import gzip
import json

import pytest

from tests import wire
from tests.client import PATH
from tests.envelope import INVALID_JSON, VALIDATION_FAILED, assert_error, issue
from tests.factories import make_phone

JSON = {"Content-Type": "application/json"}
KIB = 1024


def body(**changes) -> bytes:
    return json.dumps(
        {"name": "Jane Doe", "phone": make_phone(), "consent": True, **changes}
    ).encode()


def body_of(size: int) -> bytes:
    return body(unknown="u" * (size - len(body(unknown=""))))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"{",
        b'{"name": "Jane"',
        b"{'name': 'Jane'}",
        b'{"name": "Jane",}',
        b"{name: 1}",
        b"name=Jane&consent=true",
        b'{"consent": true} {"consent": true}',
        b'{"consent": true, "metadata": {"a": NaN}}',
        b'{"consent": true, "metadata": {"a": Infinity}}',
        b'{"consent": true, "metadata": {"a": -Infinity}}',
        b'{"consent": true, "name": "line\nbreak"}',
        b'{"consent": true, "name": "\\x41"}',
        b'{"consent": true, "name": "\xff"}',
        b'{"consent": true, "name": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf\xef\xbb\xbf{"consent": true}',
        '{"consent": true}'.encode("utf-16"),
        '{"consent": true}'.encode("utf-32"),
        gzip.compress(b'{"consent": true}'),
        b"\0",
        b'{"consent": true}\0',
        b'{"consent": true, "a": ' + b"9" * 5_000 + b"}",
        b'{"consent": true, "a": ' + b"[" * 101 + b"]" * 101 + b"}",
        b"[" * 30_000 + b"]" * 30_000,
        b'{"a":' * 10_000,
    ],
)
def test_body_that_is_no_json_is_refused(api, cast, data):
    response = api.post(data=data, headers=JSON)

    assert_error(response, 400, INVALID_JSON)
    assert not cast.workspace.leads.exists()


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_no_depth_of_nesting_gets_past_the_parser(api, depth):
    deep = b'{"a":' * depth + b"1" + b"}" * depth

    response = api.post(data=b'{"consent": true, "metadata": %s}' % deep, headers=JSON)

    assert_error(response, 400, INVALID_JSON)


def test_request_without_a_body_is_refused(api):
    assert_error(api.post(), 400, INVALID_JSON)
    assert_error(api.post(headers=JSON), 400, INVALID_JSON)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/vnd.api+xml",
        "application/jsonp",
        "application",
        "*/*",
        ";;;",
        "\xff\xfe",
        "",
    ],
)
def test_json_under_another_type_is_refused(api, content_type):
    response = api.post(data=body(), headers={"Content-Type": content_type.encode("latin-1")})

    assert_error(response, 400, INVALID_JSON)


def test_json_without_a_type_is_refused(api):
    response = api.post(data=body())

    assert "Content-Type" not in response.request.headers
    assert_error(response, 400, INVALID_JSON)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=nonsense"],
)
def test_parameters_and_case_of_the_type_change_nothing(api, content_type):
    response = api.post(data=body(), headers={"Content-Type": content_type})

    assert response.status_code == 201


@pytest.mark.parametrize("data", [b"[]", b'[{"consent": true}]', b'"text"', b"1", b"true", b"null"])
def test_json_that_is_no_object_fails_validation(api, data):
    response = api.post(data=data, headers=JSON)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue(message="Expected an object.")])


def test_64_kib_are_taken(api):
    response = api.post(data=body_of(64 * KIB), headers=JSON)

    assert response.status_code == 201


@pytest.mark.parametrize("size", [64 * KIB + 1, 3_000_000, 7_000_000])
def test_more_than_64_kib_are_refused(api, cast, size):
    response = api.post(data=body_of(size), headers=JSON)

    assert_error(response, 413, "Request body is too large.")
    assert not cast.workspace.leads.exists()


@pytest.mark.parametrize("size", [64 * KIB + 1, 7_000_000])
def test_more_than_64_kib_are_refused_without_a_length_too(api, size):
    response = api.post(data=iter([body_of(size)]), headers=JSON)

    assert response.request.headers["Transfer-Encoding"] == "chunked"
    assert_error(response, 413, "Request body is too large.")


def test_chunked_body_is_read(api):
    sent = body()

    response = api.post(data=iter([sent[:10], sent[10:30], sent[30:]]), headers=JSON)

    assert response.status_code == 201


def test_chunked_body_that_is_no_json_is_refused(api):
    assert_error(api.post(data=iter([b"{"]), headers=JSON), 400, INVALID_JSON)
    assert_error(api.post(data=iter([]), headers=JSON), 400, INVALID_JSON)


@pytest.mark.parametrize("length", [0, 10, 10_000])
def test_content_length_that_is_wrong_is_refused(api, web, cast, length):
    head = f"""POST {PATH} HTTP/1.1
Authorization: Bearer {cast.key}
Content-Type: application/json
Content-Length: {length}
"""

    response = wire.send(web.base_url, head, body()[:-1])

    assert_error(response, 400, INVALID_JSON)


def test_body_that_is_shorter_than_its_length_is_refused_though_it_is_json(web, cast):
    sent = body()
    head = f"""POST {PATH} HTTP/1.1
Authorization: Bearer {cast.key}
Content-Type: application/json
Content-Length: {len(sent) + 1}
"""

    response = wire.send(web.base_url, head, sent)

    assert_error(response, 400, INVALID_JSON)
    assert not cast.workspace.leads.exists()


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n", b"2\r\n{}XX0\r\n\r\n", b"-1\r\n{}\r\n"])
def test_broken_chunks_are_refused(web, cast, chunks):
    head = f"""POST {PATH} HTTP/1.1
Authorization: Bearer {cast.key}
Content-Type: application/json
Transfer-Encoding: chunked
"""

    response = wire.send(web.base_url, head, chunks)

    assert_error(response, 400, "Bad request.")
    assert not cast.workspace.leads.exists()


@pytest.mark.parametrize(
    "sent_as",
    ["application/json; charset=utf-8", "application/vnd.api+json", "Application/LD+JSON; a=b"],
)
def test_json_by_another_name_and_with_a_byte_order_mark_is_understood(api, sent_as):
    body = f'\ufeff{{"name": "Jane", "phone": "{make_phone()}", "consent": true}}'

    response = api.post(data=body.encode(), headers={"Content-Type": sent_as})

    assert response.status_code == 201, response.text


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('{"consent": false, "name": "J", "consent": true}', "consent"),
        ('{"consent": true, "metadata": {"a": [{"b": 1, "b": 1}]}}', "b"),
        ('{"consent": true, "formResponses": {"q\u00e9": "1", "qé": "2"}}', "qé"),
    ],
)
def test_key_that_stands_twice_is_refused_and_named(api, cast, body, key):
    response = api.post(data=body.encode(), headers=JSON)

    message = f"The key {json.dumps(key)} stands twice in one object."
    assert_error(response, 400, INVALID_JSON, message=message)
    assert not cast.workspace.leads.exists()
