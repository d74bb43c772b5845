"""The answers against the types of OpenAI's own package."""

import openai
import pytest
from openai.types.chat import ChatCompletion

from tests.coachbot.sandbox.openai.client import OPENER, tool


@pytest.fixture
def client(model):
    with openai.OpenAI(
        api_key=model.key, base_url=f"{model.base_url}/v1", max_retries=0, timeout=5
    ) as client:
        yield client


def complete(client, text, **wanted):
    messages = [OPENER, {"role": "user", "content": text}]
    return client.chat.completions.create(model="gpt-4o", messages=messages, **wanted)


def test_text_is_a_completion(client):
    found = complete(client, "Hi")

    assert ChatCompletion.model_validate(found.to_dict()) == found
    assert found.choices[0].message.content and found.usage.total_tokens > 0


def test_tool_is_a_completion(client):
    found = complete(client, "sandbox:tools", tools=[tool("updateLeadProfile")])

    assert ChatCompletion.model_validate(found.to_dict()) == found
    assert [call.function.name for call in found.choices[0].message.tool_calls] == [
        "updateLeadProfile",
        "listSlots",
    ]


@pytest.mark.parametrize(
    "name, error",
    [
        ("busy", openai.RateLimitError),
        ("quota", openai.RateLimitError),
        ("error", openai.InternalServerError),
        ("too-long", openai.BadRequestError),
    ],
)
def test_error_is_one_of_the_packages(client, name, error):
    with pytest.raises(error) as raised:
        complete(client, f"sandbox:{name}")

    assert raised.value.type


def test_models_are_listed(client):
    assert "gpt-4o" in [one.id for one in client.models.list()]
