"""GET and PATCH of assistants. Every UUID is one, and each org lists two."""

import uuid
from typing import Any

from coachbot.sandbox.clock import iso
from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi import catalog, listing, rules, validation
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.errors import refusal
from coachbot.sandbox.vapi.memory import Written
from coachbot.sandbox.vapi.placed import org_of
from coachbot.sandbox.vapi.resources.bodies import read_object

NAME, ELSEWHERE_NAME = "Sandbox assistant", "Assistant of another system"
# The second one of an org belongs to somebody else's automation.
ELSEWHERE = {
    "server": {"url": "https://n8n.example/webhook/vapi?token=sandbox-token-of-theirs"},
    "serverMessages": ["end-of-call-report"],
}
_FREE = (
    *("transcriber", "voice", "voicemailDetection", "backgroundSound", "observabilityPlan"),
    *("compliancePlan", "metadata", "backgroundSpeechDenoisingPlan", "analysisPlan"),
    *("artifactPlan", "startSpeakingPlan", "stopSpeakingPlan", "monitorPlan", "keypadInputPlan"),
)


def _anything(path: str, value: Any) -> Any:
    yield from ()


_PATCH = rules.fields(
    {
        **dict.fromkeys(_FREE, _anything),
        **dict.fromkeys(("firstMessage", "firstMessageMode"), rules.text()),
        **dict.fromkeys(("voicemailMessage", "endCallMessage"), rules.text(1000)),
        **dict.fromkeys(("hooks", "credentials", "clientMessages"), rules.each(_anything)),
        "name": rules.text(40),
        "model": validation.full_model,
        "server": validation.SERVER,
        "serverMessages": rules.each(rules.one_of(validation.SERVER_MESSAGES)),
        "maxDurationSeconds": rules.number(10, 43200),
        "credentialIds": rules.each(rules.text()),
        "endCallPhrases": rules.each(rules.text()),
    }
)


def list_assistants(request: Request, store: Store) -> Reply:
    """GET /assistant?limit=: an array with the two assistants that every org has."""
    if problems := listing.query_problems(request.query, allowed=("limit",)):
        return refusal(400, problems)
    wanted = listed_ids(request.key)[: listing.limit_of(request.query)]
    return json_reply([_assistant(request.key, store, one) for one in wanted])


def listed_ids(key: str) -> list[str]:
    """The ids of the assistants that an org lists; the second one is somebody else's."""
    org = uuid.UUID(org_of(key))
    return [str(uuid.uuid5(org, f"assistant {n}")) for n in range(2)]


def show_assistant(request: Request, store: Store, assistant_id: str) -> Reply:
    """GET /assistant/{id}: the assistant, or 404."""
    if not catalog.exists(assistant_id):
        return _missing(assistant_id)
    return json_reply(_assistant(request.key, store, assistant_id))


def change_assistant(request: Request, store: Store, assistant_id: str) -> Reply:
    """PATCH /assistant/{id}: each part that is given replaces that part whole."""
    if not catalog.exists(assistant_id):
        return _missing(assistant_id)
    parts = read_object(request)
    if problems := [*_PATCH("", parts)]:
        return refusal(400, problems)
    store.resources.set_parts(request.key, assistant_id, {**parts, "updatedAt": iso(store.now())})
    store.resources.note(request.key, Written("PATCH", request.path, parts))
    return json_reply(_assistant(request.key, store, assistant_id))


def _missing(assistant_id: str) -> Reply:
    return refusal(404, f"Assistant `{assistant_id}` does not exist.")


def _assistant(key: str, store: Store, assistant_id: str) -> dict[str, Any]:
    listener = store.listener_of(key)
    is_elsewhere = assistant_id == listed_ids(key)[1]
    told = {"server": {"url": listener.url}} if listener else {}
    body = {
        **catalog.common(org_of(key), assistant_id),
        "name": ELSEWHERE_NAME if is_elsewhere else NAME,
        "model": {
            "provider": "openai",
            "model": "gpt-4o",
            "messages": [{"role": "system", "content": "You are a friendly receptionist."}],
        },
        "latestVersion": "v1",
        **(ELSEWHERE if is_elsewhere else told),
        **store.resources.parts(key, assistant_id),
    }
    return {name: value for name, value in body.items() if value is not None}
