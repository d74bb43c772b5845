"""The words in which endpoints are described for /api/schema: OpenAPI 3.1.

Errors are taken from the catalogue, so that the description says what the code does.
drf-spectacular finds the endpoints, and `make lint` fails on one that nobody described.
"""

from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from rest_framework.response import Response
from rest_framework.views import APIView

from coachbot.http.envelope import AlwaysJSON
from coachbot.http.errors import ErrorKind

JSON = "application/json"


class Described(AutoSchema):
    """Describes a view by an operation that is written down: `as_view(schema=Described(...))`."""

    def __init__(self, operation: dict):
        super().__init__()
        self.operation = operation

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        return self.operation


def without_trailing_slash(endpoints):
    """drf-spectacular's hook: the slash is optional, so the description leaves it out."""
    return [(path.rstrip("/"), *rest) for path, *rest in endpoints]


def ref(name: str, section: str = "schemas") -> dict:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{section}/{name}"}


def text(description: str, **more) -> dict:
    """Return the schema of a string."""
    return {"type": "string", "description": description, **more}


def closed(required: dict, **optional) -> dict:
    """Return the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


# What common generators of clients stumble over: keywords that few of them read.
STRICT_ONLY = ("propertyNames", "pattern")
EMPTY, NULL = {"const": ""}, {"type": "null"}


def plain(schema):
    """Return a strict schema as generators of clients can use it: open, and in few words.

    Answers may have keys that were added later, so no object is closed. What only the strict one
    says is in the descriptions too.
    """
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: value if name in ("examples", "example", "enum", "required") else plain(value)
        for name, value in schema.items()
        if name not in STRICT_ONLY
    }
    return _joined(_named(_opened(found)))


def _opened(schema: dict) -> dict:
    """Let an object have any other properties."""
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
    elif isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = True
    return schema


def _named(schema: dict) -> dict:
    """Say a constant word as the one value of an enumeration."""
    if isinstance(schema.get("const"), str) and schema != EMPTY:
        schema["enum"] = [schema.pop("const")]
    if "enum" in schema and all(isinstance(value, str) for value in schema["enum"]):
        schema.setdefault("type", "string")
    return schema


def _joined(schema: dict) -> dict:
    """Say that something may be null in its type, and nothing of empty texts."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != EMPTY]
    if len(choices) == 2 and choices[1] == NULL and isinstance(choices[0].get("type"), str):
        only = choices[0]
        described = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**only, **described, "type": [only["type"], "null"]}
    return {**schema, "anyOf": choices} if choices else schema


def header(description: str, example, **schema) -> dict:
    """Return a response header that is always there."""
    return {
        "description": description,
        "required": True,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def path_parameter(name: str, description: str, example: str, **schema) -> dict:
    """Return a part of the path, which is described as a header is."""
    return {"name": name, "in": "path", **header(description, example, **schema)}


def optional(described: dict) -> dict:
    """Return a header that may be missing."""
    return {**described, "required": False}


def answer(description: str, schema: dict, *, examples: dict, headers: dict, **more) -> dict:
    """Return a response. examples: by name. more: such as `links`."""
    named = {name: {"value": value} for name, value in examples.items()}
    return {
        "description": description,
        "headers": headers,
        "content": {JSON: {"schema": schema, "examples": named}},
        **more,
    }


def error_answers(kinds: Iterable[ErrorKind], headers) -> dict[str, dict]:
    """Return the responses of an operation's errors. headers: a function of the status."""
    by_status: dict[int, list[ErrorKind]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.status):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): answer(
            "\n\n".join(f"`{kind.error}`: {kind.when}" for kind in same),
            ref("Error"),
            examples={kind.error: kind.example for kind in same},
            headers=headers(status),
        )
        for status, same in by_status.items()
    }


class JSONOrYAML(AlwaysJSON):
    """JSON, unless the path or the Accept header asks for YAML."""

    def select_renderer(self, request, renderers, format_suffix=None):
        asked = format_suffix or request.headers.get("Accept", "")
        chosen = renderers["yaml" in asked.lower()]
        return chosen, chosen.media_type


class Description(APIView):
    """GET /api/schema, also as schema.json and schema.yaml. Needs no key."""

    content_negotiation_class = JSONOrYAML
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    def get(self, request, **kwargs):
        return Response(description())


def description() -> dict:
    """Return the whole description. It does not change while the process lives."""
    with _one_at_a_time:
        return _generate()


# drf-spectacular loads its extensions when it is first used, and fails in a second thread
# that comes meanwhile.
_one_at_a_time = Lock()


@lru_cache(maxsize=1)
def _generate() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)
