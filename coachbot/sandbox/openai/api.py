"""The map of the model's API, and who may come in."""

import json
import threading
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

from coachbot.sandbox import routes
from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.openai import behaviours
from coachbot.sandbox.openai.chat import BadRequest, Chat, read
from coachbot.sandbox.openai.replies import error_reply
from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.routes import Route

KEY_PREFIX = "sk-"
WRONG_PREFIX = "sk-wrong"
PATH = "/sandbox/model"
MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-5", "o3")
# Whose name begins with these refuses the older of the two limits, or the newer one.
NEW_ONLY, OLD_ONLY = ("o1", "o3", "o4", "gpt-5"), ("old-",)


@dataclass(frozen=True)
class Settings:
    """What is set for a key. delay: seconds before each answer. behaviour: name of a row."""

    delay: float = 0.0
    behaviour: str = ""


class OpenAI:
    """The model. asked: every request that was read, by key, for tests."""

    below = ("/v1/chat/", "/v1/models", PATH)
    about = (
        "The language model is at the address with /v1 behind it: OPENAI_BASE_URL. Its keys begin "
        f"with `{KEY_PREFIX}`, and are good unless with `{WRONG_PREFIX}`. POST {PATH} under a key "
        "sets its delay and behaviour. It plays an agent by rules; what it does wrong is chosen by "
        "a lead that writes `sandbox:NAME`, or by the model's name `sandbox-NAME`; `-once` behind "
        "it is for the first request alone:"
    )
    rows = tuple((row.name, row.says) for row in behaviours.TABLE)

    def __init__(self, conditions: Conditions) -> None:
        self._usual = Settings(conditions.model_delay)
        self._settings: dict[str, Settings] = {}
        self._attempts: Counter[tuple[str, str, str]] = Counter()
        self._changing = threading.Lock()
        self.asked: dict[str, list[dict[str, Any]]] = {}

    def answer(self, request: Request) -> Reply:
        """Any request in, its reply out. Never raises for what a client did wrong."""
        route, captures = routes.find(ROUTES, request)
        if route is None:
            said = f"Invalid URL ({request.method} {request.path})"
            return error_reply(404, said)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.startswith(KEY_PREFIX):
            return error_reply(401, "You didn't provide an API key.")
        if key.startswith(WRONG_PREFIX):
            said = f"Incorrect API key provided: {key[:7]}***."
            return error_reply(401, said, code="invalid_api_key")
        return route.endpoint(self, replace(request, key=key), **captures)

    def complete(self, request: Request) -> Reply:
        """POST /v1/chat/completions"""
        try:
            chat, wanted = read(request.body)
            _require_model(chat.model)
            _check_limits(chat.model, wanted)
        except BadRequest as error:
            status = 404 if error.code == "model_not_found" else 400
            return error_reply(status, str(error), param=error.param, code=error.code)
        with self._changing:
            self.asked.setdefault(request.key, []).append(dict(wanted))
        settings = self._settings.get(request.key, self._usual)
        row = self._row(request.key, chat, settings.behaviour)
        reply = row.answer(chat) if row else behaviours.ordinary(chat)
        return replace(reply, delay=settings.delay + (row.delay if row else 0.0))

    def _row(self, key: str, chat: Chat, wanted: str) -> behaviours.Behaviour | None:
        row, is_once = behaviours.choose(chat, wanted)
        if row is None or not is_once:
            return row
        with self._changing:
            self._attempts[key, row.name, chat.asked] += 1
            return row if self._attempts[key, row.name, chat.asked] == 1 else None

    def list_models(self, request: Request) -> Reply:
        """GET /v1/models"""
        return json_reply({"object": "list", "data": [_model(name) for name in MODELS]})

    def show_model(self, request: Request, name: str) -> Reply:
        """GET /v1/models/{model}"""
        try:
            _require_model(name)
        except BadRequest as error:
            return error_reply(404, str(error), param=error.param, code=error.code)
        return json_reply(_model(name))

    def set(self, key: str, **changed: Any) -> Settings:
        """Change what is set for a key. Raises TypeError for an unknown name."""
        self._settings[key] = replace(self._settings.get(key, self._usual), **changed)
        return self._settings[key]

    def change(self, request: Request) -> Reply:
        """POST /sandbox/model: some of the Settings in, all out."""
        try:
            return json_reply(asdict(self.set(request.key, **json.loads(request.body or b"{}"))))
        except (ValueError, TypeError) as error:
            return error_reply(400, f"Send JSON with some of delay, behaviour: {error}")

    def stop(self) -> None:
        """Nothing goes on by itself."""


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1715367049, "owned_by": "sandbox"}


def _require_model(name: str) -> None:
    if "missing" in name:
        said = f"The model `{name}` does not exist or you do not have access to it."
        raise BadRequest(said, code="model_not_found")


def _check_limits(model: str, wanted: Any) -> None:
    if model.startswith(NEW_ONLY) and "max_tokens" in wanted:
        raise BadRequest(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    if model.startswith(OLD_ONLY) and "max_completion_tokens" in wanted:
        raise BadRequest("Unrecognized request argument supplied: max_completion_tokens")


ROUTES = (
    Route("POST", r"/v1/chat/completions", OpenAI.complete),
    Route("GET", r"/v1/models", OpenAI.list_models),
    Route("GET", r"/v1/models/(?P<name>[^/]+)", OpenAI.show_model),
    Route("POST", PATH, OpenAI.change),
)
