"""The limits of leads.intake.submission: what is described, taken and stored says the same."""

import json

import pytest
import requests

from leads.intake.submission import LARGEST_EXTRAS, LENGTHS, MOST_DIGITS
from leads.models import Lead
from tests.envelope import VALIDATION_FAILED
from tests.factories import make_phone

# A good text of a length, for each field.
TEXTS = {
    "name": lambda length: "n" * length,
    "phone": lambda length: make_phone()[:3].ljust(length - 10) + make_phone()[-10:],
    "email": lambda length: f"{'j' * (length - 190)}@{'a' * 61}.{'b' * 61}.{'c' * 61}.com",
    "goal": lambda length: "g" * length,
}
FIELDS = pytest.mark.parametrize("field", LENGTHS)


@pytest.fixture(scope="module")
def described(web):
    schema = requests.get(f"{web.base_url}/api/schema", timeout=30).json()
    return schema["components"]["schemas"]["LeadSubmission"]["properties"]


def column(field: str):
    return Lead._meta.get_field(field)


def refused_fields(response) -> list[str]:
    assert (response.status_code, response.json()["error"]) == (400, VALIDATION_FAILED)
    return [issue["path"][0] for issue in response.json()["issues"]]


@FIELDS
def test_lengths_are_described(described, field):
    shortest, longest = LENGTHS[field]

    assert described[field]["maxLength"] == longest
    assert described[field].get("minLength", 0) == shortest


@FIELDS
def test_longest_text_is_taken_and_one_more_character_refused(api, cast, field):
    longest = LENGTHS[field].longest
    fitting, too_long = TEXTS[field](longest), TEXTS[field](longest + 1)
    assert (len(fitting), len(too_long)) == (longest, longest + 1)

    assert api.submit(**{field: fitting}).status_code == 201
    assert refused_fields(api.submit(**{field: too_long})) == [field]

    [lead] = cast.workspace.leads.all()
    assert field == "phone" or getattr(lead, field) == fitting


@pytest.mark.parametrize("field", [name for name, length in LENGTHS.items() if length.shortest])
def test_shortest_text_is_taken_and_one_less_character_refused(api, field):
    shortest = "2015550123"[-LENGTHS[field].shortest :]

    assert api.submit(**{field: shortest}).status_code == 201
    assert refused_fields(api.submit(**{field: shortest[1:]})) == [field]


@FIELDS
def test_column_holds_what_is_taken_and_no_more(field):
    # A phone is stored without what it was formatted with.
    stored = len("+") + MOST_DIGITS if field == "phone" else LENGTHS[field].longest

    assert column(field).max_length == stored


def test_column_holds_the_longest_phone(api, cast):
    phone = "+" + "00".rjust(MOST_DIGITS, "4")  # the sandbox accepts calls to 00

    assert api.submit(phone=phone).status_code == 201
    assert refused_fields(api.submit(phone=phone + "0")) == ["phone"]
    assert cast.workspace.leads.get().phone == phone


def test_extras_stay_under_their_limit(api, described):
    def extras(size):
        metadata = {"a": "", "b": "x"}
        empty = len(json.dumps([metadata, {}], separators=(",", ":"))) - len("[,]")
        return {"metadata": {**metadata, "a": "y" * (size - empty)}}

    assert api.submit(**extras(LARGEST_EXTRAS - 1)).status_code == 201
    assert refused_fields(api.submit(**extras(LARGEST_EXTRAS))) == ["metadata"]
    told = f"together stay under {LARGEST_EXTRAS // 1024} KiB"
    assert all(told in described[name]["description"] for name in ("metadata", "formResponses"))
