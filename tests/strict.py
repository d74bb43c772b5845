"""What is taken and answered, to the letter: /api/schema for those who check the API by it.

The published schemas are open and in few words, as generators of clients want them. Here answers
have no other keys, texts have patterns, and what belongs together is told apart.
"""

from copy import deepcopy

from leads.intake.submission import DEEPEST_EXTRAS, LARGEST_NUMBER, PHONE_FORM
from leads.models import CallStatus, LeadStatus

NO_NUL = r"^[^\u0000]*$"
# White space as Python trims it, which is not what `\s` means to every reader of a pattern.
BLANK = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
VISIBLE = rf"^[^\u0000]*[^\u0000{BLANK}][^\u0000]*$"
PHONE_WRITTEN = r"^ *\+?[ ()-]*[1-9](?:[ ()-]*[0-9]){6,14}[ ()-]*$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
PATTERNS = {
    ("LeadSubmission", "name"): VISIBLE,
    ("LeadSubmission", "phone"): PHONE_WRITTEN,
    ("LeadSubmission", "goal"): NO_NUL,
    ("Lead", "phone"): f"^{PHONE_FORM}$",
}
# Bodies that may have other keys than those that are described.
OPEN = {"LeadSubmission", "VapiMessage"}


def reference(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


STORABLE = {"type": "string", "pattern": NO_NUL}
NUMBER = {"type": "number", "minimum": 1 - LARGEST_NUMBER, "maximum": LARGEST_NUMBER - 1}
ONE_ANSWER = [{"type": ["null", "boolean"]}, NUMBER, STORABLE]
ANY_JSON = {
    "description": f"Nested up to {DEEPEST_EXTRAS} deep.",
    "anyOf": [
        *ONE_ANSWER,
        {"type": "array", "items": reference("AnyJSON")},
        reference("AnyJSONObject"),
    ],
}
ANY_JSON_OBJECT = {
    "type": "object",
    "propertyNames": {"pattern": NO_NUL},
    "additionalProperties": reference("AnyJSON"),
}
ANSWERS = {
    "type": "object",
    "propertyNames": {"pattern": NO_NUL},
    "additionalProperties": {
        "anyOf": [*ONE_ANSWER, {"type": "array", "items": {"anyOf": ONE_ANSWER}}]
    },
}
# What comes together in an answer to a submission, besides `ok` and `leadId`.
CALLED = {
    "status": {"const": CallStatus.IN_PROGRESS.value},
    "vapiCallId": {"type": "string"},
    "callQueued": {"const": True},
}
PAUSED = {"status": {"const": LeadStatus.NEW.value}, "callQueued": {"const": False}}
MESSAGED = {"status": {"const": LeadStatus.NEW.value}, "messageQueued": {"type": "boolean"}}


def strict(published: dict) -> dict:
    """Return the schemas of /api/schema, to the letter."""
    schemas = deepcopy(published)
    for name, schema in schemas.items():
        if "properties" not in schema:  # an object of any kind
            continue
        for field, described in schema["properties"].items():
            if pattern := pattern_of(name, field, described):
                described["pattern"] = pattern
        if name not in OPEN:
            schema["additionalProperties"] = False
    tell_what_is_absent(schemas["LeadSubmission"]["properties"])
    schemas["Receipt"] = receipts(schemas["Receipt"])
    return {**schemas, "AnyJSON": ANY_JSON, "AnyJSONObject": ANY_JSON_OBJECT}


def pattern_of(name: str, field: str, described: dict) -> str | None:
    return INSTANT if described.get("format") == "date-time" else PATTERNS.get((name, field))


def tell_what_is_absent(fields: dict) -> None:
    """Let optional fields be empty too, which means the same as null."""
    exact = {"metadata": reference("AnyJSONObject"), "formResponses": ANSWERS}
    for name in ("email", "goal", "metadata", "formResponses"):
        value = exact.get(name, {**fields[name], "type": "string"})
        fields[name] = {"anyOf": [value, {"const": ""}, {"type": "null"}]}


def receipts(published: dict) -> dict:
    """Return a receipt as one of those that there are."""
    always = {name: published["properties"][name] for name in ("ok", "leadId")}
    return {
        "oneOf": [
            {
                "type": "object",
                "required": [*always, *more],
                "properties": {**always, **more},
                "additionalProperties": False,
            }
            for more in (CALLED, PAUSED, MESSAGED)
        ]
    }
