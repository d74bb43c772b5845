"""Asking the language model whether an account is right: its key, its model, and tools.

docs/providers/openai.md (section 4) has the facts this relies on.
"""

from coachbot.providers import ProviderError
from coachbot.providers.findings import Finding
from coachbot.providers.openai import client
from coachbot.providers.openai.errors import CAUSES, may_pass
from coachbot.providers.transport import Door

# Seconds: a page waits for the answer, and a request of a page has 15.
TIMEOUT = 12.0
# Enough for a model that thinks before it answers.
MOST_TOKENS = 1_000
# Causes of which the service's own words say more than ours.
SAYS_MORE = ("our_request", "unknown", "outage")
QUESTION = (
    {"role": "system", "content": "You test a connection. Call the tool sayReady. Write nothing."},
    {"role": "user", "content": "Are you ready?"},
)
TOOL = {
    "type": "function",
    "function": {
        "name": "sayReady",
        "description": "Says that the connection works.",
        "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    },
}


def verify_account(door: Door, account: client.Account) -> list[Finding]:
    """Return what the model makes of a question that asks for a tool. Takes up to 12 seconds.

    Raises nothing: what could not be asked is a finding too.
    """
    try:
        found = client.complete(
            door, account, QUESTION, [TOOL], most_tokens=MOST_TOKENS, timeout=TIMEOUT
        )
    except ProviderError as error:
        return [_failure(error)]
    if any(wish.name == "sayReady" for wish in found.tools):
        return [Finding(True, f"The model answers and uses tools: {account.model}.")]
    return [
        Finding(
            False,
            f"The model {account.model} answers, but used no tool when it was asked to. Without "
            "tools it can neither offer times nor book. Enter another model.",
        )
    ]


def _failure(error: ProviderError) -> Finding:
    """Return the finding of a question that failed. An unpaid bill is an answer, though a 429."""
    cause = CAUSES.explain(error.code)
    said = f"{cause.title}. {cause.meaning} {cause.fix}"
    if cause.name in SAYS_MORE:
        said = f"{said} {error}"
    return Finding(False, said, is_answer=not may_pass(error))
