"""/api/schema: readable by anybody, complete, and with the contract's own examples."""

from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest
import requests
import yaml
from django.utils import timezone

from coachbot.http import errors
from leads.api.description import examples
from leads.api.serializers.lead_answers import LeadAnswerSerializer, lead_json
from leads.models import Call, Lead
from leads.snapshot.conversations import Told
from leads.snapshot.inquiry import FollowUp, Inquiry
from tests.client import Api
from tests.envelope import assert_error
from tests.factories import make_cast, make_phone
from tests.strict import strict

TIMEOUT = 30
# What paths answer that are not there, and nothing that is: no operation can describe it.
OUTSIDE = (errors.FORBIDDEN,)
KINDS = [kind for kind in errors.CATALOGUE if kind not in OUTSIDE]


@pytest.fixture(scope="module")
def schema(web):
    return requests.get(f"{web.base_url}/api/schema", timeout=TIMEOUT).json()


def responses(schema):
    """Yield every response of every operation: its status and itself."""
    for methods in schema["paths"].values():
        for operation in methods.values():
            yield from operation["responses"].items()


def contents(schema):
    """Yield every JSON body with examples: its schema, and the examples."""
    bodies = [response for _, response in responses(schema)]
    for methods in schema["paths"].values():
        bodies += [op["requestBody"] for op in methods.values() if "requestBody" in op]
    for body in bodies:
        json_body = body.get("content", {}).get("application/json", {})
        for name, example in json_body.get("examples", {}).items():
            yield name, json_body["schema"], example["value"]


def test_it_needs_no_key_and_is_openapi_3_1(web):
    response = requests.get(f"{web.base_url}/api/schema", timeout=TIMEOUT)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["openapi"].startswith("3.1")
    assert response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("path", "accept"), [("/api/schema.yaml", "*/*"), ("/api/schema", "application/yaml")]
)
def test_yaml_says_the_same(web, schema, path, accept):
    response = requests.get(web.base_url + path, headers={"Accept": accept}, timeout=TIMEOUT)

    assert response.headers["Content-Type"].startswith("application/yaml")
    assert yaml.safe_load(response.text) == schema


def test_many_may_ask_at_once_of_a_server_that_has_just_started(start_web):
    url = start_web(WEB_THREADS="8", CALLS_IN_FLIGHT="1").base_url + "/api/schema"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(url, timeout=TIMEOUT), range(8)))

    assert [answer.status_code for answer in answers] == [200] * 8


def test_its_errors_are_in_the_envelope(web):
    response = requests.post(f"{web.base_url}/api/schema", timeout=TIMEOUT)

    assert_error(response, 405, "Method not allowed.")
    assert "GET" in response.headers["Allow"]


def test_all_endpoints_are_described(schema):
    assert {path: list(methods) for path, methods in schema["paths"].items()} == {
        "/api/calcom/{slug}/events": ["post"],
        "/api/public/leads": ["get", "post"],
        "/api/public/leads/{lead_id}": ["get", "delete"],
        "/api/public/leads/{lead_id}/recording": ["get"],
        "/api/intake/{token}": ["post"],
        "/api/schema": ["get"],
        "/api/vapi/{slug}/events": ["post"],
        "/api/whatsapp/inbound": ["post"],
        "/api/whatsapp/status": ["post"],
        "/api/whatsapp/{slug}/inbound": ["post"],
        "/api/whatsapp/{slug}/status": ["post"],
        "/api/vapi/{slug}/tools/{tool}": ["post"],
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.error)
def test_every_error_is_there_with_its_example(schema, kind):
    shown = [
        response["content"]["application/json"]["examples"][kind.error]["value"]
        for status, response in responses(schema)
        if status == str(kind.status)
        and kind.error in response["content"]["application/json"].get("examples", {})
    ]

    assert shown
    assert all(example == kind.example for example in shown)


def test_examples_obey_their_own_schema(schema):
    checked = 0
    for name, described, example in contents(schema):
        root = {**described, "components": schema["components"]}
        problems = list(jsonschema.Draft202012Validator(root).iter_errors(example))
        assert problems == [], name
        checked += 1
    assert checked > 30


@pytest.mark.parametrize(
    "field",
    [{"name": "\0"}, {"name": "\x1c\x85 "}, {"goal": "\0"}, {"metadata": {"a": 1e300}}],
)
def test_what_is_refused_is_not_described_to_the_fuzzer_as_right(api, schema, field):
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True, **field}

    assert problems_of(strict(schema["components"]["schemas"]), "LeadSubmission", body)
    assert api.submit(**field).status_code == 400


def test_what_is_described_of_a_lead_is_what_is_told_of_it():
    lead = Lead(created_at=timezone.now(), updated_at=timezone.now())
    told = lead_json(Inquiry(lead, Call(lead=lead), FollowUp(0, 1), Told()))

    described = LeadAnswerSerializer().fields
    assert list(told) == list(described)
    for name in ("lead", "voiceCall", "followUp", "conversation"):
        assert list(told[name]) == list(described[name].fields)


def test_what_the_examples_show_is_what_is_answered(api, cast):
    accepted = api.post(json=examples.SUBMISSION)
    lead = api.read(accepted.json()["leadId"])

    assert shape(accepted.json()) == shape(examples.CALLED)
    assert shape(lead.json()) == shape(examples.LEAD)
    assert shape(api.list().json()) == shape(examples.PAGE)
    assert shape(api.list().json()["data"][0]) == shape(examples.PAGE["data"][0])
    assert lead.json()["lead"]["metadata"] == examples.LEAD["lead"]["metadata"]


@pytest.mark.parametrize("settings", [{}, {"is_paused": True}, {"channel": "whatsapp"}])
def test_answers_say_nothing_that_is_not_described(web, sandbox, schema, settings):
    cast = make_cast(sandbox, **settings)
    api = Api(web.base_url, cast.key)

    receipt = api.submit(email="jane@acme.com", goal="Run")
    lead = api.read(receipt.json()["leadId"])
    refused = api.submit(name="", phone="none")
    listed, odd = api.list(), api.list("colour=red")

    assert (receipt.status_code, lead.status_code, refused.status_code) == (201, 200, 400)
    for name, response in (
        *(("Receipt", receipt), ("LeadAnswer", lead), ("Error", refused)),
        *(("LeadList", listed), ("Error", odd)),
    ):
        assert problems_of(strict(schema["components"]["schemas"]), name, response.json()) == []


def problems_of(schemas, name, value):
    root = {"components": {"schemas": schemas}, "$ref": f"#/components/schemas/{name}"}
    return [error.message for error in jsonschema.Draft202012Validator(root).iter_errors(value)]


def shape(value):
    """Return the keys of nested objects, in order."""
    if not isinstance(value, dict):
        return None
    return [(name, shape(inner)) for name, inner in value.items() if name != "metadata"]


def schemas_in(value):
    """Yield every object below a schema, but not what its examples say."""
    if isinstance(value, list):
        for item in value:
            yield from schemas_in(item)
    elif isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in ("examples", "example"):
                yield from schemas_in(inner)


def test_it_says_nothing_that_generators_stumble_over(schema):
    found = list(schemas_in(schema["components"]["schemas"]))

    assert not any({"propertyNames", "pattern", "oneOf"} & set(one) for one in found)
    assert not any(one.get("additionalProperties") is False for one in found)
    assert not any(isinstance(one.get("const"), str) for one in found)
    assert not any("const" in one and "type" in one for one in found)
    assert len(found) > 80


def test_metadata_is_any_object_and_a_receipt_is_flat(schema):
    schemas = schema["components"]["schemas"]

    assert schemas["Lead"]["properties"]["metadata"]["additionalProperties"] is True
    assert schemas["LeadSubmission"]["properties"]["metadata"]["additionalProperties"] is True
    assert set(schemas["Receipt"]["required"]) == {"ok", "leadId", "status"}
    assert "AnyJSON" not in schemas
