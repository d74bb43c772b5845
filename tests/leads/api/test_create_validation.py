"""POST /api/public/leads: which fields are refused, in which words and in which order."""

import pytest

from leads.models import Lead
from tests.client import PATH
from tests.envelope import CONSENT, VALIDATION_FAILED, assert_error, issue
from tests.factories import make_lead, make_phone

BLANK = "This field may not be blank."
NULL = "This field may not be null."
REQUIRED = "This field is required."
NOT_TEXT = "Not a valid string."
NOT_OBJECT = "Expected an object."
NOT_ADDRESS = "Enter a valid email address."
NO_ANSWER = "Expected a string, number, boolean, or a list of these."
TOO_LARGE = "metadata and formResponses together must stay under 16 KiB."
UNSTORABLE = "Text must not contain NUL characters or lone surrogates."
LONG_NUMBER = "Numbers must stay below 2^63."
TOO_DEEP = "Must not be nested deeper than 20."


def at_most(count):
    return f"Ensure this field has no more than {count} characters."


def nested(depth):
    return [] if depth == 0 else [nested(depth - 1)]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", BLANK),
        ("name", " \t\n ", BLANK),
        ("name", None, NULL),
        ("name", 12, NOT_TEXT),
        ("name", True, NOT_TEXT),
        ("name", ["Jane"], NOT_TEXT),
        ("name", {"first": "Jane"}, NOT_TEXT),
        ("name", nested(90), NOT_TEXT),
        ("name", "n" * 121, at_most(120)),
        ("name", "Jane\0Doe", "Null characters are not allowed."),
        ("name", "Jane\ud800", "Surrogate characters are not allowed: U+D800."),
        ("email", "jane", NOT_ADDRESS),
        ("email", "jane@acme", NOT_ADDRESS),
        ("email", "jane@acme.com, joe@acme.com", NOT_ADDRESS),
        ("email", 5, NOT_ADDRESS),
        ("email", ["jane@acme.com"], NOT_ADDRESS),
        ("goal", "g" * 2001, at_most(2000)),
        ("goal", 7, NOT_TEXT),
        ("goal", {}, NOT_TEXT),
        ("goal", "a\0b", "Null characters are not allowed."),
        ("metadata", "text", NOT_OBJECT),
        ("metadata", ["a"], NOT_OBJECT),
        ("metadata", 0, NOT_OBJECT),
        ("metadata", False, NOT_OBJECT),
        ("metadata", {"a": "\0"}, UNSTORABLE),
        ("metadata", {"a\0": "b"}, UNSTORABLE),
        ("metadata", {"a": ["\udfff"]}, UNSTORABLE),
        ("metadata", {"\ud83d": 1}, UNSTORABLE),
        ("metadata", {"a": 2**63}, LONG_NUMBER),
        ("metadata", {"a": -1e300}, LONG_NUMBER),
        ("metadata", {"a": 10**4000}, LONG_NUMBER),
        ("metadata", {"a": nested(21)}, TOO_DEEP),
        ("metadata", {"a": nested(90)}, TOO_DEEP),
        ("metadata", {"a": "b" * 16_384}, TOO_LARGE),
        ("metadata", {"a": "é" * 8_200}, TOO_LARGE),
        ("formResponses", "text", NOT_OBJECT),
        ("formResponses", ["a"], NOT_OBJECT),
        ("formResponses", {"q1": "\0"}, UNSTORABLE),
    ],
)
def test_field_is_refused_and_named(api, cast, field, value, message):
    response = api.submit(**{field: value})

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue(field, message=message)])
    assert not cast.workspace.leads.exists() and not cast.placed()


@pytest.mark.parametrize("field", ["name", "phone"])
def test_required_field_has_to_be_there(api, field):
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}
    del body[field]

    response = api.post(json=body)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue(field, message=REQUIRED)])


def test_email_longer_than_254_characters_is_refused(api):
    response = api.submit(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.com")

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("email", message=at_most(254))])


def test_each_answer_that_is_no_text_is_named(api):
    nested = {"q1": {"a": 1}, "q2": "yes", "q3": [["no"]], "non_field_errors": [{}]}

    response = api.submit(formResponses=nested)

    assert_error(
        response,
        400,
        VALIDATION_FAILED,
        issues=[
            issue("formResponses", question, message=NO_ANSWER)
            for question in ("q1", "q3", "non_field_errors")
        ],
    )


def test_answers_of_any_plain_kind_become_text_in_their_order(api, cast):
    answers = (
        '{"why so long": "x", "n": 12, "price": 1.50, "huge": 1E3, "yes": true, "no": false, '
        '"gone": null, "several": ["a", 2, true, 1.0, null], "none": [], "empty": ""}'
    )
    body = (
        f'{{"name": "J", "phone": "{make_phone()}", "consent": true, "formResponses": {answers}}}'
    )

    response = api.post(data=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 201, response.text
    assert cast.workspace.leads.get().answers == [
        ("why so long", "x"),
        ("n", "12"),
        ("price", "1.50"),
        ("huge", "1E3"),
        ("yes", "true"),
        ("no", "false"),
        ("several", "a, 2, true, 1.0"),
    ]


@pytest.mark.parametrize("field", ["metadata", "formResponses"])
def test_empty_list_is_an_empty_object(api, cast, field):
    response = api.submit(**{field: []})

    lead = cast.workspace.leads.get()
    assert response.status_code == 201
    assert (lead.metadata, lead.form_responses) == ({}, {})


INVISIBLE = "\u200b\u202c\ufeff\u200f\u00ad\u2060\u202e"


def test_invisible_characters_are_no_part_of_an_address(api, cast):
    response = api.submit(email=f"{INVISIBLE}ja{INVISIBLE}ne@ac\u00adme.com{INVISIBLE}")

    assert response.status_code == 201
    assert cast.workspace.leads.get().email == "jane@acme.com"


@pytest.mark.parametrize("email", [f"jane{INVISIBLE}acme.com", f"@{INVISIBLE}"])
def test_what_is_no_address_without_them_is_refused_and_says_how_to_go_on(api, email):
    response = api.submit(email=email)

    assert response.json()["issues"] == [issue("email", message=NOT_ADDRESS)]
    assert "leave out" in response.json()["message"]


@pytest.mark.parametrize("name", [INVISIBLE, "\u3164", "\u2800 \u115f", "\u00a0\u2003"])
def test_name_of_nothing_visible_is_refused(api, name):
    response = api.submit(name=name)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("name", message=BLANK)])


@pytest.mark.parametrize(
    "name", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f469\u200d\U0001f4bb"]
)
def test_joiners_that_belong_to_a_name_stay(api, cast, name):
    api.submit(name=name)

    assert cast.workspace.leads.get().name == name


def test_all_bad_fields_are_named_at_once(api):
    response = api.submit(
        name="", phone="1", email="x", goal="g" * 2001, metadata=[1], formResponses=3
    )

    paths = [problem["path"] for problem in response.json()["issues"]]
    assert paths == [["name"], ["phone"], ["email"], ["goal"], ["metadata"], ["formResponses"]]


def test_extras_that_are_too_large_together_are_named_beside_other_problems(api):
    response = api.submit(
        name="", metadata={"a": "\0"}, formResponses={"q": "a" * 16_000, "r": "b" * 400}
    )

    assert_error(
        response,
        400,
        VALIDATION_FAILED,
        issues=[
            issue("name", message=BLANK),
            issue("metadata", message=UNSTORABLE),
            issue("metadata", message=TOO_LARGE),
        ],
    )


def test_extras_just_under_16_kib_are_taken(api):
    metadata, answers = {"a": "b" * 8_180}, {"q": "c" * 8_187}
    size = len('{"a":""}{"q":""}') + 8_180 + 8_187

    response = api.submit(metadata=metadata, formResponses=answers)

    lead = Lead.objects.get(pk=response.json()["leadId"])
    assert size == 16 * 1024 - 1
    assert (lead.metadata, lead.form_responses) == (metadata, answers)


def test_infinite_number_in_metadata_is_refused(api):
    body = b'{"name":"J","phone":"%s","consent":true,"metadata":{"a":1e400}}'

    response = api.post(
        data=body % make_phone().encode(), headers={"Content-Type": "application/json"}
    )

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("metadata", message=LONG_NUMBER)])


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_empty_optional_text_is_absent(api, empty):
    response = api.submit(email=empty, goal=empty)

    lead = api.read(response.json()["leadId"]).json()["lead"]
    assert (lead["email"], lead["goal"]) == (None, None)


@pytest.mark.parametrize("empty", [None, "", {}])
def test_empty_optional_object_is_absent(api, empty):
    response = api.submit(metadata=empty, formResponses=empty)

    lead = Lead.objects.get(pk=response.json()["leadId"])
    assert (lead.metadata, lead.form_responses) == ({}, {})


def test_null_and_empty_values_of_metadata_are_dropped_and_the_rest_is_kept(api):
    kept = {"n": 0, "b": False, "f": 1.5, "l": [], "o": {"x": None}, "s": "é😀", "big": 2**62}

    response = api.submit(metadata={**kept, "null": None, "empty": ""})

    assert api.read(response.json()["leadId"]).json()["lead"]["metadata"] == kept


def test_text_is_trimmed_before_it_is_measured(api):
    response = api.submit(name=f"  {'é' * 120}\n", goal=f" {'g' * 2000} ", email=" jane@acme.com ")

    lead = api.read(response.json()["leadId"]).json()["lead"]
    assert lead["name"] == "é" * 120
    assert lead["goal"] == "g" * 2000
    assert lead["email"] == "jane@acme.com"


@pytest.mark.parametrize("value", ["\0", "\ud800", 10**4000, nested(90), float(10**300)])
def test_unknown_fields_are_ignored_whatever_they_hold(api, value):
    response = api.submit(status="booked", workspace=1, unknown=value)

    assert response.status_code == 201
    assert api.read(response.json()["leadId"]).json()["lead"]["status"] == "new"


@pytest.mark.parametrize("consent", [False, None, 1, 1.0, "true", "yes", "", [True], {"a": True}])
def test_consent_is_the_literal_true_and_nothing_else(api, cast, consent):
    response = api.submit(consent=consent)

    assert_error(response, 400, CONSENT)
    assert not cast.workspace.leads.exists()


def test_missing_consent_is_refused(api):
    response = api.post(json={"name": "Jane Doe", "phone": make_phone()})

    assert_error(response, 400, CONSENT)


def test_consent_is_judged_before_every_other_field(api):
    response = api.post(json={"name": 5, "phone": "x", "email": "y", "metadata": "z"})

    assert_error(response, 400, CONSENT)


def test_fields_are_judged_before_the_duplicate(api):
    phone = make_phone()
    api.submit(phone=phone)

    response = api.submit(phone=phone, name="")

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("name", message=BLANK)])


def test_duplicate_is_judged_before_dispatch(api, cast):
    phone = make_phone("41")
    lead = make_lead(cast.workspace, phone=phone)

    response = api.submit(phone=phone)

    assert response.status_code == 409
    assert response.headers["Location"] == f"{PATH}/{lead.pk}"
    assert not cast.placed()
