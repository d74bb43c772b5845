"""What a failed request to the language model means: by the code in its answer, then by words.

docs/providers/openai.md (section 2) says where codes and words come from.
"""

import json

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.causes import Cause, Causes
from coachbot.providers.reading import fields, text


class Unreadable(Unclear):
    """It answered 2xx, and nothing of it is an answer."""

    code = "unreadable"


def code_in(response: str) -> str:
    """Return the code in the body of an answer; "" where it has none.

    It stands in `error.code`, else in `error.type`; some services answer a list of such objects.
    """
    try:
        answer = json.loads(response)
    except (ValueError, RecursionError):
        return ""
    if isinstance(answer, list) and answer:
        answer = answer[0]
    error = fields(fields(answer).get("error"))
    return text(error.get("code")) or text(error.get("type"))


CAUSES = Causes(
    "openai",
    Cause(
        "not_connected",
        "The language model is not connected",
        "This workspace has no key for a language model, so the agent cannot write.",
        "Enter an API key in the settings.",
        is_ours=True,
    ),
    Cause(
        "unreadable_credentials",
        "The stored key of the language model cannot be read",
        "It was sealed with an encryption key that this server does not have.",
        "Ask who runs the server to restore ENCRYPTION_KEY, or enter the key again.",
        is_ours=True,
    ),
    Cause(
        "quota",
        "The account of the language model has no credit left",
        "The provider answers nothing until it is paid.",
        "Add credit, or raise the monthly limit, in the account's billing page.",
        codes=("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"),
        statuses=(402,),
    ),
    Cause(
        "too_long",
        "The conversation is too long for the model",
        "The messages together are more than the model can read.",
        "Enter a model that reads more, or shorten what the agent is told.",
        codes=("context_length_exceeded", "string_above_max_length"),
        words=("maximum context length", "context window", "too many tokens"),
        statuses=(413,),
        is_of_lead=True,
    ),
    Cause(
        "filtered",
        "The model's provider does not take the conversation",
        "Its filter found something in the conversation that it does not answer.",
        "Read the conversation, and write to the person yourself.",
        codes=("content_filter", "content_policy_violation"),
        is_of_lead=True,
    ),
    Cause(
        "model",
        "There is no such model",
        "The name is mistyped, or the key may not use this model.",
        "Enter a model that the account has, such as gpt-4o, then verify.",
        codes=("model_not_found", "unsupported_model"),
        statuses=(404,),
        is_ours=True,
    ),
    Cause(
        "key",
        "The API key is refused",
        "The key is mistyped, was revoked, or may not ask this model.",
        "Make a key at the provider and enter it in the settings, then verify.",
        codes=("invalid_api_key", "invalid_authentication", "account_deactivated"),
        statuses=(401, 403),
        is_ours=True,
    ),
    Cause(
        "busy",
        "Too many requests to the language model",
        "The account asked for more in a minute than it may.",
        "Nothing: it is tried again. If it goes on, ask the provider for a higher limit.",
        codes=("rate_limit_exceeded", "server_overloaded"),
        statuses=(409, 429),
    ),
    Cause(
        "our_request",
        "The language model does not understand the request",
        "A field that Coachbot sends is refused: a bug in Coachbot, or a model that cannot use "
        "tools.",
        "Try another model. If it goes on, report it with the request id of this row.",
        statuses=(400, 422),
    ),
    Cause(
        "unreadable",
        "The language model's answer cannot be read",
        "It answered, but with no message.",
        "Nothing: it is tried again. If it goes on, check OPENAI_BASE_URL with who runs the "
        "server.",
    ),
    Cause(
        "too_busy",
        "Coachbot was too busy",
        "So many requests to the language model were under way that this one was not sent.",
        "It is tried again by itself. If it happens often, raise OPENAI_IN_FLIGHT.",
    ),
    Cause(
        "unreachable",
        "The language model could not be reached",
        "No connection came about. The service, or the network of this server, is down.",
        "It is tried again by itself.",
    ),
    Cause(
        "silent",
        "The language model did not answer in time",
        "The request was sent, but no complete answer came back.",
        "It is tried again by itself. If it goes on, a smaller model answers more quickly.",
        statuses=(408,),
    ),
    Cause(
        "outage",
        "The language model has trouble",
        "The service answered with an error of its own.",
        "It is tried again by itself. Look at the provider's status page if it goes on.",
    ),
    Cause(
        "unknown",
        "The language model refused the request",
        "Its message is not one that Coachbot knows.",
        "Read the message above.",
    ),
    code_in=code_in,
)
# To ask once more does nothing to the lead; these may pass the next time.
PASSING = frozenset(
    f"openai.{name}"
    for name in ("busy", "unreadable", "too_busy", "unreachable", "silent", "outage")
)
# What a person has to mend at the account: no turn succeeds until then.
OF_ACCOUNT = frozenset(
    f"openai.{name}"
    for name in ("not_connected", "unreadable_credentials", "quota", "model", "key")
)


def may_pass(error: ProviderError) -> bool:
    """Return whether the same question may be answered when it is asked again."""
    return error.code in PASSING
