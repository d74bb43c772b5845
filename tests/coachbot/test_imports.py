"""The arrows of the code that `make lint` cannot hold.

Who may import whom is held by import-linter and ruff, with what pyproject.toml tells them. Here
are cycles that go through a package itself, and what names a module or a table in other ways
than by an import.
"""

import ast
import importlib
from graphlib import TopologicalSorter

import grimp
import pytest

from tests.servers import ROOT

APPS = ("coachbot", "workspaces", "leads")
# leads.management.seeding fills a database for measurements, 500 rows at a time.
WRITERS = {
    "LogEntry": {
        *("workspaces.log.record", "workspaces.log.repeats", "workspaces.log.queries"),
        "leads.management.seeding",
    },
    "Credential": {"workspaces.connections.credentials", "workspaces.connections.encryption"},
    "AssistantSetup": {"workspaces.connections.assistant.kept"},
}
# What puts the frame and the apps together; coachbot.server.start asks them for their checks.
COMPOSITION = {"coachbot.settings", "coachbot.urls", "coachbot.api_urls", "coachbot.server.start"}


def name_of(path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {
    name_of(path): ast.parse(path.read_text())
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if not {"migrations", "snippets"} & set(path.parts)  # snippets are text that /docs shows
}


def test_the_walk_sees_the_code():
    assert len(TREES) > 50


def test_there_are_no_import_cycles():
    graph = grimp.build_graph(*APPS, cache_dir=None)
    ours = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}

    assert "leads.calls.placing.opening" in ours["leads.intake.channels"]
    TopologicalSorter(ours).prepare()


def test_the_frame_names_apps_in_strings_only_where_all_is_put_together():
    namers = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if name.startswith("coachbot.")
        and isinstance(node, ast.Constant)
        and str(node.value).startswith(("leads.", "workspaces."))
    }

    assert namers == COMPOSITION


@pytest.mark.parametrize(("model", "allowed"), WRITERS.items())
def test_table_has_one_door(model, allowed):
    users = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == model
    }

    assert users == allowed


# Functions that write what a rule guards, and who may use them: each asks the gate before.
GUARDED = {
    "create_call": {"leads.calls.placing.dialing"},
    "dial": {
        *("leads.calls.due", "leads.calls.placing.reconcile"),
        *("leads.operators.calling", "leads.intake.channels"),
    },
    "open_first_call": {"leads.intake.channels"},
    "open_call": {"leads.operators.calling"},
    "open_step": {"leads.calls.due"},
    "place_of_day": {"leads.calls.placing.confirming"},
    "write_counted": {
        *("leads.calls.placing.opening", "leads.messages.following", "leads.messages.opener"),
    },
    "send_text": {"leads.messages.sending"},
    "send_template": {"leads.messages.sending"},
}


@pytest.mark.parametrize(("function", "allowed"), GUARDED.items())
def test_no_call_goes_round_the_gate(function, allowed):
    users = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == function
        and not name.startswith("coachbot.sandbox")
    }

    assert users == allowed


def test_status_of_a_lead_is_written_by_one_module():
    """Others name statuses to read them; an update or a save of one stands in leads.status."""
    writers = {
        name
        for name, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("update", "create", "bulk_create")
        and name != "leads.status"
        and any(is_lead_status(keyword.value) for keyword in call.keywords)
    }

    assert writers == set()


def is_lead_status(node) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "LeadStatus" for part in ast.walk(node))


@pytest.mark.parametrize("path", sorted((ROOT / "bench").glob("[a-z]*.py")), ids=name_of)
def test_measurement_finds_all_that_it_imports(path):
    if path.stem not in ("bare", "plain"):  # with settings of their own, in processes of their own
        importlib.import_module(name_of(path))
