"""The documents of the repository: what they name is there, and what is there is listed."""

import re

import pytest

from tests.servers import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLE = "acme"  # a provider that one could add
# The changelog also names what is gone.
NAMING = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]
LINK = re.compile(r"\]\((?!https?://|mailto:|/)([^)#]*)(?:#([^)]*))?\)")
PATH = re.compile(r"`((?:bench|coachbot|deploy|docs|leads|templates|tests|workspaces)/[\w./@-]*)`")


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors_of(path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target, anchor in LINK.findall(document.read_text()):
        path = document.parent / target if target else document

        assert path.exists(), target
        assert not anchor or anchor in anchors_of(path), f"{target}#{anchor}"


@pytest.mark.parametrize("document", NAMING, ids=lambda path: path.name)
def test_files_that_are_named_are_there(document):
    named = PATH.findall(document.read_text())
    missing = [path for path in named if not (ROOT / path).exists()]

    assert [path for path in missing if EXAMPLE not in path] == []


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(), re.MULTILINE)
    titles = {
        path.name: path.read_text().partition("\n")[0].removeprefix("# ")
        for path in folder.glob("*.md")
        if path.name != "README.md"
    }

    assert {file: title for title, file in listed} == titles
    assert len(listed) == len(titles)
