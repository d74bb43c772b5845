"""The words in which endpoints are described for /api/schema: OpenAPI 3.1.

Errors are taken from the catalogue, so that the description says what the code does.
drf-spectacular finds the endpoints, and `make lint` fails on one that nobody described.
"""

from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from coachbot.http.envelope import AlwaysJSON
from coachbot.http.errors import ErrorKind

JSON = "application/json"


class Described(AutoSchema):
    """Describes a view by an operation that is written down: `as_view(schema=Described(...))`.

    One of several methods has an operation for each: `Described(get=..., post=...)`.
    Where a schema belongs, the operation names a serializer, from which drf-spectacular derives
    it, or a component(). Who may use it is what the view's authentication says.
    """

    def __init__(self, operation: dict | None = None, **by_method: dict):
        super().__init__()
        self.operation, self.by_method = operation, by_method

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        self.registry = registry
        operation = self.operation or self.by_method[method.lower()]
        return {**self._referring(operation), "security": self.get_auth()}

    def _referring(self, described):
        """Return it with references in place of serializers and components."""
        match described:
            case dict():
                return {name: self._referring(value) for name, value in described.items()}
            case list():
                return [self._referring(value) for value in described]
            case ResolvedComponent():
                known = component(described.name, self._referring(described.schema))
                self.registry.register_on_missing(known)
                return known.ref
            case type() if issubclass(described, Serializer):
                return self.resolve_serializer(described, "response").ref
        return described


def component(name: str, schema: dict) -> ResolvedComponent:
    """Return a schema that is written down, for what no serializer reads or makes.

    Others may stand in it as they do in an operation.
    """
    return ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)


class Choice(OpenApiSerializerFieldExtension):
    """One of some words, without a type of its own and without a list of what each means."""

    target_class = "rest_framework.serializers.ChoiceField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "enum": list(self.target.choices)}


class ObjectOrNull(OpenApiSerializerFieldExtension):
    """An object that may be null. Generators of clients stumble over `oneOf`."""

    target_class = "rest_framework.serializers.Serializer"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        reference = auto_schema.resolve_serializer(self.target, direction).ref
        return {"anyOf": [reference]} if self.target.allow_null else reference


def without_trailing_slash(endpoints):
    """drf-spectacular's hook: the slash is optional, so the description leaves it out."""
    return [(path.rstrip("/"), *rest) for path, *rest in endpoints]


def text(description: str, **more) -> dict:
    """Return the schema of a string."""
    return {"type": "string", "description": description, **more}


# The envelope of coachbot.http.errors.
ISSUE = component(
    "Issue",
    {
        "type": "object",
        "required": ["path", "message"],
        "properties": {
            "path": {
                "type": "array",
                "items": {"type": ["string", "integer"]},
                "description": "Where it is: the field, and within it the key.",
            },
            "message": text("What is wrong with it."),
        },
    },
)
ERROR = component(
    "Error",
    {
        "type": "object",
        "required": ["ok", "error"],
        "properties": {
            "ok": {"const": False},
            "error": text("What your code switches on, exact to the character."),
            "message": text("For logs and for people; only where there is more to say."),
            "issues": {
                "type": "array",
                "minItems": 1,
                "items": ISSUE,
                "description": "With `Validation failed.` only: every problem, not just the first.",
            },
        },
    },
)


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


def answer(description: str, schema, *, examples: dict, headers: dict, **more) -> dict:
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
            ERROR,
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
