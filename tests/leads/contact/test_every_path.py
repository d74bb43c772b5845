"""Every path to a call or a message passes the gate: found by walking the code, not by a list.

A function reaches another one where it names it, so also where it hands it on. From each function
of a provider that reaches a person all those are followed that reach it, up to where something
else enters: a view, a task, a command. On each way there must be one that also writes the contact
down in the write by which the gate lets it pass.
"""

import ast

import pytest

from tests.coachbot.test_imports import TREES

# Where a contact is written down, and what of the gate's is asked in the same write.
WRITTEN_DOWN = {
    "leads.calls.placing.opening._write_counted": "leads.contact.gate.write_counted",
    "leads.messages.sending._begin": "leads.contact.gate.let_write",
}
# What asks a provider for more than reading, and whether a person is called or written to by it.
# One that is new has to be entered here, so that somebody thinks of it.
REACHES_A_PERSON = {
    "coachbot.providers.vapi.client.create_call": True,
    "coachbot.providers.vapi.client.delete_call": False,  # takes a call back that waits
    "coachbot.providers.vapi.assistant.resources.change_assistant": False,  # a set-up
    "coachbot.providers.vapi.assistant.resources.create_tool": False,
    "coachbot.providers.vapi.assistant.resources.change_tool": False,
    "coachbot.providers.calcom.client.book": False,  # the calendar's own mails
    "coachbot.providers.calcom.webhooks._write": False,  # to whom Cal.com reports
    "coachbot.providers.calcom.webhooks.unsubscribe": False,
    "coachbot.providers.twilio.client._send": True,
    "coachbot.providers.openai.client._ask": False,  # thinks
    "coachbot.providers.channels.client.post_text": False,  # to the business's own people
}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ROGUE = """
from leads.calls.placing import dialing, opening, reconcile as settling
from leads.calls.placing.dialing import dial as ring

def by_module(call): return dialing.dial(call)
def by_other_name(call): return settling.dial(call)
def by_its_name(call): return ring(call)
def handed_on(calls): return map(settling.dial, calls)
class Task:
    def method(self, call): return by_module(call)
SENDERS = {"rogue": settling.dial}
def by_module_that_opens(step): return opening.open_step(step) and dialing.dial(step)
"""


def names_of(module: str, tree: ast.Module) -> dict[str, str]:
    """Return what a name in a module stands for, as far as that is the project's."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            found |= {a.asname: a.name for a in node.names if a.asname}
    own = {node.name: f"{module}.{node.name}" for node in tree.body if hasattr(node, "name")}
    return found | own


def parts_of(module: str, tree: ast.Module):
    """Yield the functions of a module by their full names, methods too, and the rest of it."""
    inside = set()
    for node in ast.walk(tree):
        of_class = node.body if isinstance(node, ast.ClassDef) else []
        for one in [*(tree.body if node is tree else []), *of_class]:
            if isinstance(one, FUNCTIONS):
                owner = f".{node.name}" if isinstance(node, ast.ClassDef) else ""
                inside |= set(map(id, ast.walk(one)))
                yield f"{module}{owner}.{one.name}", list(ast.walk(one))
    yield f"{module}.<module>", [node for node in ast.walk(tree) if id(node) not in inside]


def reached(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return for each function the full names that stand in it."""
    edges = {}
    for module, tree in trees.items():
        names = names_of(module, tree)
        for part, nodes in parts_of(module, tree):
            edges[part] = set(filter(None, (meant(node, names) for node in nodes)))
    return edges


def meant(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        base = names.get(node.value.id)
        return f"{base}.{node.attr}" if base else None
    return None


def ways_round(edges: dict[str, set[str]]) -> set[str]:
    """Return the functions that something enters by, and from which a person is reached without
    the gate.
    """
    callers: dict[str, set[str]] = {}
    for caller, names in edges.items():
        for name in names - {caller}:
            callers.setdefault(name, set()).add(caller)
    gated = spread(set(WRITTEN_DOWN), callers)
    to_follow = [name for name, reaches in REACHES_A_PERSON.items() if reaches]
    seen, round_it = set(to_follow), set()
    while to_follow:
        name = to_follow.pop()
        above = callers.get(name, set())
        if not above:
            round_it.add(name)
        further = above - gated - seen
        seen |= further
        to_follow += further
    return round_it


def spread(start: set[str], callers: dict[str, set[str]]) -> set[str]:
    found, edge = set(start), set(start)
    while edge:
        edge = {caller for name in edge for caller in callers.get(name, ())} - found
        found |= edge
    return found


EDGES = reached(TREES)


def test_each_function_that_writes_to_a_provider_is_judged():
    writing = {
        part
        for module, tree in TREES.items()
        if module.startswith("coachbot.providers.")
        for part, nodes in parts_of(module, tree)
        if not part.endswith("<module>")
        and any(isinstance(node, ast.Constant) and node.value in WRITING for node in nodes)
    }

    assert writing == set(REACHES_A_PERSON)


def test_what_is_written_down_is_let_pass_by_the_gate():
    for name, asked in WRITTEN_DOWN.items():
        assert asked in EDGES[name]
    assert "leads.contact.gate.place_of_day" in EDGES["leads.contact.gate.write_counted"]


def test_no_way_to_a_person_goes_round_the_gate():
    assert ways_round(EDGES) == set()


def test_the_known_ways_are_seen():
    dial = "leads.calls.placing.reconcile.dial"
    callers = {name for name, named in EDGES.items() if dial in named}

    assert callers >= {
        "leads.calls.due._call",
        "leads.operators.calling.call_again",
        "leads.intake.channels.<module>",
    }


@pytest.mark.parametrize("name", ["leads.views.rogue", "leads.management.commands.rogue"])
def test_a_way_round_it_is_found(name):
    found = ways_round(EDGES | reached({name: ast.parse(ROGUE)}))

    ways = ("by_other_name", "by_its_name", "handed_on", "Task.method", "<module>")
    assert found == {f"{name}.{way}" for way in ways}
