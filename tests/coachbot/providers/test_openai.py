"""The language model over real HTTP: what is asked, and what each answer is taken for."""

import json
import secrets

import pytest
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter

from coachbot.providers import ProviderError, Refused, Unclear, Unreachable
from coachbot.providers.openai import account as accounts
from coachbot.providers.openai import client, errors
from coachbot.providers.transport import Door
from tests.providers import JSON, OddProvider

SOON = {"most_tokens": 200, "timeout": 3.0}
SAID = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": "A tool.",
            "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
        },
    }
    for name in ("updateLeadProfile", "listSlots", "bookConsult")
]
ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1764230400,
    "model": "gpt-4o",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hi!", "refusal": None},
        }
    ],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "listSlots", "arguments": "{}"}}


@pytest.fixture(autouse=True)
def model_is_the_sandbox(settings, sandbox):
    settings.OPENAI_BASE_URL = f"{sandbox.base_url}/v1"


def account(behaviour="text", key=None):
    key = key or f"sk-{secrets.token_hex(8)}"
    return client.Account(key, f"sandbox-{behaviour}" if behaviour else "gpt-4o")


def ask(behaviour="text", messages=SAID, tools=TOOLS, own=None, **options):
    own = own or account(behaviour)
    return client.complete(Door(), own, messages, tools, **{**SOON, **options})


def answered(settings, answer, messages=SAID):
    """Return what is made of an answer of any kind."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    with OddProvider(lambda path, sent: (200, JSON, body)) as provider:
        settings.OPENAI_BASE_URL = provider.base_url
        return ask(messages=messages)


def with_message(finish="stop", **message):
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    return {**ANSWER, "choices": [choice]}


def test_text_comes_with_its_tokens():
    found = ask("text")

    assert (found.text, found.tools, found.finish) == (
        "Thank you. What would you like to reach?",
        (),
        "stop",
    )
    assert found.prompt_tokens > 0 and found.completion_tokens > 0
    assert found.echo == {"role": "assistant", "content": found.text}


def test_question_is_one_that_openais_types_take(settings):
    sent = []

    def answer(path, body):
        sent.append((path, json.loads(body)))
        return 200, JSON, json.dumps(ANSWER).encode()

    with OddProvider(answer) as provider:
        settings.OPENAI_BASE_URL = f"{provider.base_url}/v1"
        ask()
        assert provider.key.startswith("Bearer sk-")

    [(path, body)] = sent
    TypeAdapter(CompletionCreateParamsNonStreaming).validate_python(body)
    assert path == "POST /v1/chat/completions"
    assert set(body) == {"model", "messages", "tools", "tool_choice", "max_completion_tokens"}


def test_answers_of_the_tests_are_such_as_openai_gives():
    for answer in (ANSWER, with_message(content=None, refusal=None, tool_calls=[CALL])):
        ChatCompletion.model_validate(answer)


def test_without_tools_none_are_offered(settings):
    sent = []
    with OddProvider(
        lambda path, body: (
            sent.append(json.loads(body)),
            (200, JSON, json.dumps(ANSWER).encode()),
        )[1]
    ) as provider:
        settings.OPENAI_BASE_URL = provider.base_url
        ask(tools=[])

    assert "tools" not in sent[0] and "tool_choice" not in sent[0]


@pytest.mark.parametrize("behaviour", ["tool", "stop", "beside", "object-arguments"])
def test_tool_is_seen_whatever_stands_around_it(behaviour):
    found = ask(behaviour)

    [wish] = found.tools
    assert (wish.name, wish.arguments) == (
        "updateLeadProfile",
        {"notes": "Said so in the sandbox."},
    )


@pytest.mark.parametrize("behaviour", ["no-id", "same-id"])
def test_each_tool_call_has_an_id_of_its_own(behaviour):
    first = ask(behaviour)
    ids = [wish.id for wish in first.tools]

    results = [{"role": "tool", "tool_call_id": one, "content": "{}"} for one in ids]
    second = ask(behaviour, messages=[*SAID, first.echo, *results])

    assert len(set(ids)) == 2 and all(ids)
    assert second.text  # the sandbox refuses a question in which a call is not answered


def test_id_of_an_earlier_round_is_not_taken_again(settings):
    earlier = [{"role": "assistant", "content": None, "tool_calls": [CALL]}]

    found = answered(settings, with_message(content=None, tool_calls=[CALL]), [*SAID, *earlier])

    assert found.tools[0].id != "call_1"


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ("", {}),
        ("  ", {}),
        ("null", {}),
        (None, {}),
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ('{"a": 1', None),
        ('{"a": NaN}', None),
        ("[1]", None),
        (7, None),
        (["x"], None),
        ("[" * 100_000, None),
        ('{"a":' * 900 + "1" + "}" * 900, None),
        ('{"a": "' + "x" * 70_000 + '"}', None),
    ],
)
def test_arguments_are_read_or_none(settings, arguments, read):
    call = {"id": "c", "function": {"name": "listSlots", "arguments": arguments}}

    found = answered(settings, with_message(content=None, tool_calls=[call]))

    assert found.tools[0].arguments == read
    assert json.loads(found.echo["tool_calls"][0]["function"]["arguments"]) == (read or {})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("  ", ""),
        ([{"type": "text", "text": "Hi "}, {"type": "text", "text": "you"}], "Hi you"),
        (["a", 7, None, {"x": 1}], "a"),
        (7, ""),
        ("\x00ok", "\ufffdok"),
    ],
)
def test_content_is_text_whatever_its_shape(settings, content, text):
    assert answered(settings, with_message(content=content)).text == text


@pytest.mark.parametrize(
    ("behaviour", "finish"), [("length", "length"), ("filter", "content_filter"), ("text", "stop")]
)
def test_end_is_one_of_three(behaviour, finish):
    assert ask(behaviour).finish == finish


def test_refusal_is_told():
    assert ask("refusal").refusal == "I can't help with that."


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many"}, {"prompt_tokens": -1}])
def test_tokens_are_guessed_where_nobody_counts(settings, usage):
    found = answered(settings, {**with_message(content="x" * 400), "usage": usage})

    assert found.completion_tokens == 101
    assert found.prompt_tokens > 10


@pytest.mark.parametrize("body", [b"", b"[]", b"<html></html>", b'{"choices": []}', b"\xff"])
def test_answer_without_a_message_is_unreadable(settings, body):
    with pytest.raises(errors.Unreadable) as caught:
        answered(settings, body)

    assert caught.value.code == "openai.unreadable"
    assert errors.may_pass(caught.value)


@pytest.mark.parametrize(
    ("behaviour", "kind", "code", "passes"),
    [
        ("busy", Refused, "busy", True),
        ("quota", Refused, "quota", False),
        ("error", Unclear, "outage", True),
        ("html", Unclear, "outage", True),
        ("page", Unclear, "unreadable", True),
        ("no-choices", Unclear, "unreadable", True),
        ("error-200", Unclear, "unreadable", True),
        ("huge", Unclear, "unreadable", True),
        ("cut", Unclear, "silent", True),
        ("silent", Unclear, "silent", True),
        ("too-long", Refused, "too_long", False),
        ("filtered", Refused, "filtered", False),
        ("missing", Refused, "model", False),
    ],
)
def test_failures_are_told_apart(behaviour, kind, code, passes):
    with pytest.raises(ProviderError) as caught:
        ask(behaviour)

    assert isinstance(caught.value, kind)
    assert caught.value.code == f"openai.{code}"
    assert errors.may_pass(caught.value) is passes


def test_service_says_when_to_ask_again():
    with pytest.raises(Refused) as caught:
        ask("busy")

    assert caught.value.retry_after == 2.0


def test_wrong_key_is_the_accounts():
    with pytest.raises(Refused) as caught:
        ask(own=account(key="sk-wrong-1"))

    assert caught.value.code == "openai.key" and caught.value.code in errors.OF_ACCOUNT


def test_nobody_there_is_unreachable(settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"

    with pytest.raises(Unreachable) as caught:
        ask()

    assert caught.value.code == "openai.unreachable"


@pytest.mark.parametrize("model", ["old-model", "gpt-5"])
def test_limit_has_the_name_that_the_model_knows(model, sandbox):
    own = client.Account(f"sk-{secrets.token_hex(8)}", f"{model}-{secrets.token_hex(4)}")

    first, second = ask(own=own), ask(own=own)

    asked = sandbox.providers["openai"].asked[own.api_key]
    name = "max_tokens" if model == "old-model" else "max_completion_tokens"
    assert first.tools and second.tools
    assert len(asked) == 2 and all(name in one for one in asked)  # refused questions are not among


def test_log_is_told_neither_conversation_nor_key():
    told, own = [], account("tool")

    client.complete(Door(told.append), own, SAID, TOOLS, **SOON)

    [exchange] = told
    assert exchange.request.body == {"model": "sandbox-tool", "messages": 2, "tools": 3}
    assert exchange.response["tools"] == ["updateLeadProfile"]
    assert "Hello" not in str(exchange.request.body) + str(exchange.response)
    assert own.api_key not in repr(own)


@pytest.mark.parametrize(
    ("model", "is_fine", "sentence"),
    [
        ("gpt-4o", True, "The model answers and uses tools: gpt-4o."),
        ("sandbox-text", False, "used no tool when it was asked to"),
        ("sandbox-missing", False, "There is no such model."),
        ("sandbox-quota", False, "no credit left"),
    ],
)
def test_verify_says_whether_the_model_can_do_it(model, is_fine, sentence):
    own = client.Account(f"sk-{secrets.token_hex(8)}", model)

    [found] = accounts.verify_account(Door(), own)

    assert (found.is_fine, found.is_answer) == (is_fine, True)
    assert sentence in found.sentence


def test_verify_of_a_service_that_is_away_is_no_answer(settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"

    [found] = accounts.verify_account(Door(), account())

    assert (found.is_fine, found.is_answer) == (False, False)
    assert "The language model could not be reached." in found.sentence
