"""The body that a form tool sends, as a flat list of answers. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coachbot.db.storable import storable

# An object with a value and none but these beside it is one field, as Elementor (advanced data),
# HubSpot and Tally write them; with one of TELLING it surely is.
TELLING = frozenset({"type", "label", "title", "key", "ref", "versions"})
BESIDE = TELLING | {"id", "name", "required", "raw_value", "options", "value"}
LABELS = ("label", "title", "name")
# What names an item of a list: its place would change where a question before it is left out.
IDENTITIES = ("key", "ref", "id", "name", "label", "title")


class NotAForm(ValueError):
    """The body holds no fields; `str()` says so."""

    def __init__(self) -> None:
        super().__init__("The body holds no fields of a form.")


@dataclass(frozen=True)
class Answer:
    """One answer. path: where it stood, with dots between; parts: its texts, of several choices
    several. label: how the tool words the question, kind: of what kind it says it is; or "".
    """

    path: str
    parts: tuple[str, ...]
    label: str = ""
    kind: str = ""

    @property
    def text(self) -> str:
        return ", ".join(self.parts)

    @property
    def question(self) -> str:
        return self.label or self.path


def read(body: Any) -> list[Answer]:
    """Return the answers in a body of nested objects and lists, in their order. Raises NotAForm.

    No path is there twice.
    """
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if not isinstance(body, dict | list):
        raise NotAForm
    found: dict[str, Answer] = {}
    for answer in _inside(_typeform(body), "", Answer("", ())):
        path, copies = answer.path, 1
        while path in found:
            copies += 1
            path = f"{answer.path} ({copies})"
        found[path] = Answer(path, answer.parts, answer.label, answer.kind)
    if not found:
        raise NotAForm
    return list(found.values())


def _typeform(body: Any) -> Any:
    """Return a response of Typeform as a list of fields; any other body as it is.

    Its answers name their questions by id, and leave out those that were not answered.
    https://www.typeform.com/developers/webhooks/example-payload/
    """
    response = body.get("form_response") if isinstance(body, dict) else None
    if not isinstance(response, dict) or not isinstance(response.get("answers"), list):
        return body
    definition = response.get("definition")
    fields = definition.get("fields") if isinstance(definition, dict) else None
    titles = {
        str(field.get("id")): field.get("title")
        for field in (fields if isinstance(fields, list) else ())
        if isinstance(field, dict)
    }
    answers = [a for a in response["answers"] if isinstance(a, dict)]
    hidden = response.get("hidden")
    return {
        "answers": [_typeform_answer(answer, titles) for answer in answers],
        **({"hidden": hidden} if isinstance(hidden, dict) else {}),
    }


def _typeform_answer(answer: Mapping[str, Any], titles: Mapping[str, Any]) -> dict[str, Any]:
    field = answer.get("field")
    field = field if isinstance(field, dict) else {}
    value = answer.get(str(answer.get("type")))
    if isinstance(value, dict):
        chosen = value.get("labels", value.get("label"))
        picked = chosen if isinstance(chosen, list) else [chosen]
        value = [part for part in [*picked, value.get("other")] if part] or value
    return {
        "key": field.get("ref") or field.get("id"),
        "label": titles.get(str(field.get("id"))),
        "type": field.get("type") or answer.get("type"),
        "value": value,
    }


def _walk(value: Any, path: str, asked: Answer) -> Iterator[Answer]:
    """Yield what a value holds. asked: the label and the kind that it comes with."""
    if isinstance(value, dict) and _is_field(value):
        chosen = _chosen(value["value"], value.get("options"))
        words = next(filter(None, (_word(value.get(name)) for name in LABELS)), "")
        yield from _walk(chosen, path, Answer(path, (), words, _word(value.get("type"))))
    elif isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        yield Answer(path, tuple(filter(None, map(_text, value))), asked.label, asked.kind)
    elif isinstance(value, dict | list):
        yield from _inside(value, path, asked)
    else:
        yield Answer(path, tuple(filter(None, [_text(value)])), asked.label, asked.kind)


def _inside(value: dict[str, Any] | list[Any], path: str, asked: Answer) -> Iterator[Answer]:
    for name, item in value.items() if isinstance(value, dict) else _named(value):
        name = storable(str(name)).strip()
        label = f"{asked.label} {name}" if asked.label else ""
        inner = f"{path}.{name}" if path else name
        yield from _walk(item, inner, Answer(inner, (), label, asked.kind))


def _is_field(value: Mapping[str, Any]) -> bool:
    names = value.keys()
    return "value" in names and names <= BESIDE and bool(names & TELLING)


def _chosen(value: Any, options: Any) -> Any:
    """Return the wording of what was chosen, where a field tells it beside the ids."""
    known = {
        option["id"]: option.get("text")
        for option in (options if isinstance(options, list) else ())
        if isinstance(option, dict) and isinstance(option.get("id"), str)
    }
    if not known:
        return value
    if isinstance(value, list):
        return [_chosen(one, options) for one in value]
    return known.get(value, value) if isinstance(value, str) else value


def _named(items: Sequence[Any]) -> Iterable[tuple[str, Any]]:
    """Return the items of a list by the names that they give themselves, else by their place."""
    for identity in IDENTITIES:
        names = [_word(item.get(identity)) if isinstance(item, dict) else "" for item in items]
        if all(names) and len(set(names)) == len(names):
            return zip(names, items, strict=True)
    return ((str(place), item) for place, item in enumerate(items, start=1))


def _word(value: Any) -> str:
    is_word = isinstance(value, str | int) and not isinstance(value, bool)
    return storable(str(value)).strip() if is_word else ""


def _text(value: Any) -> str:
    """Return a scalar as text: "" for null, numbers as the JSON wrote them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # A fraction that was parsed from JSON remembers how it was written.
    return storable(str(getattr(value, "written", value))).strip()
