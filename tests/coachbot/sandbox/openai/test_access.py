"""Who gets in, and what the model says against a request."""

import pytest

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.openai.client import Client

WISH = {"id": "call_1", "type": "function", "function": {"name": "listSlots", "arguments": "{}"}}
ASKED = {"role": "user", "content": "Hi"}
WISHED = {"role": "assistant", "content": None, "tool_calls": [WISH]}


@pytest.mark.parametrize(
    "key, code", [("sk-wrong-1", "invalid_api_key"), ("gpt", None), ("", None)]
)
def test_wrong_key_is_401(model, key, code):
    model.key = key

    answer = model.ask("Hi")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


def test_missing_model_is_404(model):
    answer = model.ask("Hi", model="gpt-missing")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")
    assert model.request("GET", "/v1/models/gpt-missing").status_code == 404
    assert model.request("GET", "/v1/models/gpt-4o").json()["id"] == "gpt-4o"
    assert len(model.request("GET", "/v1/models").json()["data"]) > 2


@pytest.mark.parametrize(
    "name, limit, status",
    [
        ("gpt-4o", "max_tokens", 200),
        ("gpt-4o", "max_completion_tokens", 200),
        ("o3", "max_tokens", 400),
        ("o3", "max_completion_tokens", 200),
        ("old-llama", "max_completion_tokens", 400),
        ("old-llama", "max_tokens", 200),
    ],
)
def test_limit_has_the_name_that_the_model_knows(model, name, limit, status):
    answer = model.ask("Hi", model=name, **{limit: 100})

    assert answer.status_code == status
    assert status == 200 or limit in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [ASKED, WISHED],
        [ASKED, WISHED, ASKED],
        [ASKED, {"role": "tool", "tool_call_id": "call_1", "content": "x"}],
        [ASKED, WISHED, {"role": "tool", "tool_call_id": "call_2", "content": "x"}],
    ],
)
def test_conversation_that_is_no_whole_one_is_refused(model, messages):
    assert model.post(messages).status_code == 400


def test_conversation_with_an_answer_to_each_tool_is_taken(model):
    answered = [ASKED, WISHED, {"role": "tool", "tool_call_id": "call_1", "content": "x"}]

    assert model.post(answered).status_code == 200


@pytest.mark.parametrize("wanted", [{"tools": ["no spaces"]}, {"stream": True}, {"model": None}])
def test_what_the_server_does_not_do_is_refused(model, wanted):
    assert model.ask("Hi", **wanted).status_code == 400


def test_body_that_is_no_json_is_refused(model):
    answer = model.request("POST", "/v1/chat/completions", data="{")

    assert answer.status_code == 400


def test_unknown_path_is_404(model):
    assert model.request("GET", "/v1/chat/none").status_code == 404


def test_requests_are_kept_for_tests(model, sandbox):
    model.ask("Hi")

    [asked] = sandbox.providers["openai"].asked[model.key]
    assert asked["messages"][-1]["content"] == "Hi"


def test_all_keys_have_the_delay_of_the_sandbox():
    with Sandbox(model_delay=0.4) as slow:
        assert Client(slow).ask("Hi").elapsed.total_seconds() >= 0.4
