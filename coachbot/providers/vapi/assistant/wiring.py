"""What an assistant lacks to work with us, and the parts of it that mend that.

`PATCH` replaces a part whole, so each part here is the one that stands, with ours put in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coachbot.providers.reading import fields, items, text
from coachbot.providers.vapi.assistant import having
from coachbot.providers.vapi.assistant.having import Body
from coachbot.providers.vapi.assistant.tools import TOOLS

# In Vapi's schema a secret is a header or a credential of the organization's; headers come along
# with the assistant, and this one is what the older `secret` was sent as.
SECRET_HEADER = "X-Vapi-Secret"
# Seconds that Vapi waits by default; our answers to tools rely on it.
LEAST_TIMEOUT = 20
# What has to be reported. Where an assistant does not say what it reports, these are among it.
NEEDED_MESSAGES = (
    *("status-update", "end-of-call-report", "tool-calls"),
    "transfer-destination-request",
)
OF_TOOLS = ("tools", "toolIds", "toolRefs")


class NoModel(Exception):
    """The assistant has no language model, so it can be given no tools."""


@dataclass(frozen=True)
class Wanted:
    """Where an assistant is to report, and where it finds each tool, by their names."""

    events_url: str
    tool_urls: Mapping[str, str]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Foreign:
    """A server URL that is somebody else's. tool: of which tool, "" for the assistant's own."""

    tool: str
    url: str


def lacking(assistant: Body, saved: list[Body], wanted: Wanted) -> list[str]:
    """Return the names of our tools that an assistant does not have, or uses elsewhere.

    saved: the tools of its organization.
    """
    at = having.url_of(assistant)
    there = {
        name
        for name, tool in _named(having.attached(assistant, saved), wanted)
        if _is_used_here(having.url_of(tool) or at, name, wanted)
    }
    return [name for name in wanted.tool_urls if name not in there]


def foreign(assistant: Body, saved: list[Body], wanted: Wanted) -> list[Foreign]:
    """Return the server URLs of somebody else's that parts_for() would replace."""
    found = [("", having.url_of(assistant))]
    found += [
        (name, having.url_of(tool))
        for name, tool in _named(having.attached(assistant, saved), wanted)
    ]
    return [Foreign(name, url) for name, url in found if url and not _is_known(url, name, wanted)]


def own_tools(assistant: Body, saved: list[Body], wanted: Wanted) -> dict[str, Body]:
    """Return the saved tools that are ours, by name: of twins one in use, else the oldest."""
    in_use = set(having.tool_ids(assistant))
    ours = [
        (n, t)
        for n, t in _named(saved, wanted)
        if having.is_ours(having.url_of(t), wanted.tool_urls[n])
    ]
    ours.sort(key=lambda one: (one[1]["id"] not in in_use, text(one[1].get("createdAt"))))
    return {name: tool for name, tool in reversed(ours)}


def needed_tools(assistant: Body, wanted: Wanted) -> list[str]:
    """Return the names of our tools that have to be saved ones: all that are not part of it."""
    inline = {name for name, _ in _named(having.inline(assistant), wanted)}
    return [name for name in wanted.tool_urls if name not in inline]


def tool_for(name: str, wanted: Wanted) -> dict[str, Any]:
    """Return the body with which one of our tools is saved."""
    tool = TOOLS[name]
    function = {"name": name, "description": tool.description, "parameters": tool.parameters}
    server = _server({}, wanted.tool_urls[name], wanted.secret)
    return {"type": "function", "async": False, "function": function, "server": server}


def changes_of_tool(tool: Body, wanted: Wanted) -> dict[str, Any]:
    """Return the parts in which a saved tool of ours differs; none where it is right.

    Its description may be in the business's own words, and it may take more than we ask for.
    """
    name = having.name_of(tool)
    right = {
        "server": _server(fields(tool.get("server")), wanted.tool_urls[name], wanted.secret),
        "function": _function(fields(tool.get("function")), name),
        "async": False,
    }
    now = {"async": False, **tool}
    return {part: value for part, value in right.items() if now.get(part) != value}


def parts_for(
    assistant: Body, saved: list[Body], wanted: Wanted, tool_ids: Mapping[str, str]
) -> dict[str, Any]:
    """Return the parts of an assistant that have to be others; none where all is right.

    tool_ids: the ids of our saved tools, by name. Raises NoModel.
    """
    right: dict[str, Any] = {
        "server": _server(fields(assistant.get("server")), wanted.events_url, wanted.secret),
        "model": _model(assistant, saved, wanted, tool_ids),
    }
    if messages := items(assistant.get("serverMessages")):
        missing = [one for one in NEEDED_MESSAGES if one not in messages]
        right["serverMessages"] = [*messages, *missing]
    return {part: value for part, value in right.items() if assistant.get(part) != value}


def standing(assistant: Body) -> dict[str, Any]:
    """Return of an assistant what parts_for() changes: what is kept to go back to."""
    model = fields(assistant.get("model"))
    found = {part: assistant[part] for part in ("server", "serverMessages") if part in assistant}
    return {**found, **{part: model[part] for part in OF_TOOLS if part in model}}


def parts_back(assistant: Body, before: Body) -> dict[str, Any]:
    """Return the parts that bring back what standing() returned; the rest of the model stays.

    A part that was not there is None: so it is cleared.
    """
    back: dict[str, Any] = {part: before.get(part) for part in ("server", "serverMessages")}
    parts = {part: value for part, value in back.items() if assistant.get(part) != value}
    model = dict(fields(assistant.get("model")))
    rest = {part: value for part, value in model.items() if part not in OF_TOOLS}
    restored = {**rest, **{part: before[part] for part in OF_TOOLS if part in before}}
    return parts if restored == model else {**parts, "model": restored}


def _server(server: Body, url: str, secret: str) -> dict[str, Any]:
    """Return a server that is ours. Of somebody else's nothing stays: it holds their secrets."""
    kept = dict(server) if having.is_ours(text(server.get("url")), url) else {}
    headers = {
        name: value
        for name, value in fields(kept.get("headers")).items()
        if name.lower() != SECRET_HEADER.lower()
    }
    kept.pop("secret", None)  # it would be sent under the same name
    if "timeoutSeconds" in kept and _is_short(kept["timeoutSeconds"]):
        kept["timeoutSeconds"] = LEAST_TIMEOUT
    return {**kept, "url": url, "headers": {**headers, SECRET_HEADER: secret}}


def _is_short(seconds: Any) -> bool:
    return not isinstance(seconds, int | float) or seconds < LEAST_TIMEOUT


def _function(function: Body, name: str) -> dict[str, Any]:
    tool = TOOLS[name]
    parameters = fields(function.get("parameters"))
    properties = {**tool.parameters["properties"], **fields(parameters.get("properties"))}
    required = items(parameters.get("required"))
    missing = [one for one in tool.required if one not in required]
    return {
        **function,
        "name": name,
        "description": text(function.get("description")) or tool.description,
        "parameters": {
            **tool.parameters,
            **parameters,
            "properties": properties,
            "required": [*required, *missing],
        },
    }


def _model(
    assistant: Body, saved: list[Body], wanted: Wanted, tool_ids: Mapping[str, str]
) -> dict[str, Any]:
    model = fields(assistant.get("model"))
    if not (model.get("provider") and model.get("model")):
        raise NoModel
    right = dict(model)
    if inline := having.inline(assistant):
        right["tools"] = [_own_inline(tool, wanted) for tool in inline]
    theirs = _ids_of_theirs(saved, wanted, tool_ids)
    listed = items(model.get("toolIds"))
    ids = [one for one in listed if isinstance(one, str) and one not in theirs]
    refs = [ref for ref in items(model.get("toolRefs")) if having.ref_id(ref) not in theirs]
    if "toolRefs" in model:
        right["toolRefs"] = refs
    there = {*ids, *map(having.ref_id, refs)}
    new = [
        tool_ids[name] for name in needed_tools(assistant, wanted) if tool_ids[name] not in there
    ]
    if "toolIds" in model or new:
        right["toolIds"] = [*ids, *new]
    return right


def _own_inline(tool: Body, wanted: Wanted) -> Body:
    name = having.name_of(tool)
    if name not in wanted.tool_urls:
        return tool
    server = _server(fields(tool.get("server")), wanted.tool_urls[name], wanted.secret)
    return {**tool, "server": server}


def _ids_of_theirs(saved: list[Body], wanted: Wanted, tool_ids: Mapping[str, str]) -> set[str]:
    """Return the ids of saved tools that have a name of ours and are none of those that we use."""
    ours = set(tool_ids.values())
    return {tool["id"] for _, tool in _named(saved, wanted) if tool["id"] not in ours}


def _named(tools: list[Body], wanted: Wanted) -> Iterator[tuple[str, Body]]:
    """Yield those function tools that have a name of ours, with it."""
    for tool in tools:
        if (name := having.name_of(tool)) in wanted.tool_urls:
            yield name, tool


def _is_used_here(url: str, name: str, wanted: Wanted) -> bool:
    return bool(url) and _is_known(url, name, wanted)


def _is_known(url: str, name: str, wanted: Wanted) -> bool:
    """Return whether a URL is ours: of a tool, or that of events, which takes tool calls too."""
    ours = [wanted.events_url, *([wanted.tool_urls[name]] if name else [])]
    return any(having.is_ours(url, one) for one in ours)
