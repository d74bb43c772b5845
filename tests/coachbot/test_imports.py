"""The arrows of the code: who may import whom. A short walk over the syntax trees."""

import ast
import importlib
from graphlib import TopologicalSorter

import pytest

from tests.servers import ROOT

APPS = ("coachbot", "workspaces", "leads")
# What speaks HTTP or HTML; every other module of an app is a domain module.
INTERFACES = {"api", "views", "forms", "urls", "account_urls", "management", "authentication"}
INTERFACE_PACKAGES = ("rest_framework", "django.http", "django.shortcuts", "django.forms")
ALONE = {
    "requests": {"coachbot.providers.transport"},
    "urllib3": {"coachbot.providers.transport"},
    "django_ratelimit": {"workspaces.rate_limits.windows"},
    "huey": {"coachbot.work.engine", "coachbot.work.worker"},
    "cryptography": {"workspaces.connections.sealing"},
}
# leads.management.seeding fills a database for measurements, 500 rows at a time.
WRITERS = {
    "LogEntry": {"workspaces.log.record", "leads.management.seeding"},
    "Credential": {"workspaces.connections.credentials"},
}


def name_of(path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {
    name_of(path): ast.parse(path.read_text())
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if not {"migrations", "snippets"} & set(path.parts)  # snippets are text that /docs shows
}


def imports_of(tree) -> set[str]:
    """Return what a module imports: modules of ours, or whatever else by its full name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in TREES else node.module for name in full}
    return found


IMPORTS = {name: imports_of(tree) for name, tree in TREES.items()}


def breaches(is_inside, is_forbidden) -> list[str]:
    return [
        f"{name} imports {imported}"
        for name, found in IMPORTS.items()
        if is_inside(name)
        for imported in sorted(found)
        if is_forbidden(imported)
    ]


def within(name, *packages) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def is_domain(name) -> bool:
    return within(name, "workspaces", "leads") and not INTERFACES & set(name.split("."))


def test_the_walk_sees_the_code():
    assert len(TREES) > 50
    assert "leads.calls.place" in IMPORTS["leads.intake.submit"]
    assert "coachbot.providers.vapi.client" in IMPORTS["leads.calls.place"]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("coachbot", ["workspaces", "leads"]),
        ("workspaces", ["leads"]),
        ("leads.api", ["leads.views", "leads.forms"]),
        ("leads.views", ["leads.api"]),
    ],
)
def test_arrows_point_one_way(package, forbidden):
    assert not breaches(
        lambda name: within(name, package), lambda imported: within(imported, *forbidden)
    )


def test_the_sandbox_and_the_product_do_not_import_each_other():
    def is_sandbox(name):
        return within(name, "coachbot.sandbox")

    assert not breaches(lambda name: not is_sandbox(name), is_sandbox)
    assert not breaches(is_sandbox, lambda name: within(name, *APPS) and not is_sandbox(name))


def test_the_sandbox_needs_no_django_but_for_its_commands():
    assert not breaches(
        lambda name: within(name, "coachbot.sandbox") and "management" not in name,
        lambda imported: within(imported, "django"),
    )


def test_domain_modules_know_nothing_of_http():
    assert not breaches(is_domain, lambda imported: within(imported, *INTERFACE_PACKAGES))


def test_domain_modules_do_not_import_interfaces():
    assert not breaches(
        is_domain,
        lambda imported: imported in TREES and bool(INTERFACES & set(imported.split("."))),
    )


@pytest.mark.parametrize(("package", "allowed"), ALONE.items())
def test_package_has_one_door(package, allowed):
    users = {name for name, found in IMPORTS.items() if any(within(i, package) for i in found)}

    assert users == allowed


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


def test_there_are_no_import_cycles():
    ours = {name: [i for i in found if i in TREES] for name, found in IMPORTS.items()}

    TopologicalSorter(ours).prepare()


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{name}.{function.name}: {ast.unparse(node)}"
        for name, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert not hidden


@pytest.mark.parametrize("path", sorted((ROOT / "bench").glob("[a-z]*.py")), ids=name_of)
def test_measurement_finds_all_that_it_imports(path):
    if path.stem not in ("bare", "plain"):  # with settings of their own, in processes of their own
        importlib.import_module(name_of(path))
