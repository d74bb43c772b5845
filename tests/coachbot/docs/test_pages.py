"""/docs: public, in one look with the dashboard, and the same text for people and machines."""

import html
import json
import re

import pytest
import requests

from coachbot.docs import pages
from coachbot.http import errors
from leads.api.description import examples
from tests.dashboard import text_of
from tests.factories import make_user

TIMEOUT = 30
ALL = list(pages.BY_NAME.values())


def fetch(web, path: str) -> requests.Response:
    return requests.get(web.base_url + path, timeout=TIMEOUT)


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path)
def test_page_is_public_and_has_one_title(web, page):
    response = fetch(web, page.path)

    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert f"<title>{html.escape(page.title)} · Coachbot docs</title>" in response.text
    assert "{{" not in response.text.replace("{{leadFirstName}}", "")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path)
def test_page_is_there_as_plain_text(web, page):
    response = fetch(web, page.text_path)

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("# ")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path)
def test_links_lead_somewhere(web, page):
    response = fetch(web, page.path)
    hrefs = set(re.findall(r'href="(/[^"]*)"', response.text))

    for href in hrefs:
        path, _, anchor = href.partition("#")
        target = fetch(web, path)
        assert target.status_code == 200, href
        assert f'id="{anchor}"' in target.text or not anchor, href


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/snippets/cobol", "/docs/snippets"])
def test_page_that_is_not_there(web, path):
    assert fetch(web, path).status_code == 404
    assert fetch(web, f"{path}.md").status_code == 404


def test_slash_at_the_end_changes_nothing(web):
    assert fetch(web, "/docs/").text == fetch(web, "/docs").text
    assert fetch(web, "/docs/errors/").text == fetch(web, "/docs/errors").text


def test_llms_txt_names_every_page_as_text(web):
    response = fetch(web, "/llms.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    for page in ALL:
        assert f"]({pages.settings.PUBLIC_BASE_URL}{page.text_path})" in response.text


def test_llms_txt_and_the_quickstart_name_the_same_endpoints(web):
    form = r"(?:POST|GET|DELETE) /api/public/[\w/<>]+"
    named = set(re.findall(form, fetch(web, "/llms.txt").text))

    in_table = set(re.findall(rf"\| `({form})` \|", fetch(web, "/docs.md").text))

    assert named == in_table and len(named) >= 3


def test_tool_secret_is_said_to_be_in_no_url(web):
    assert "secret of the workspace in its URL" not in fetch(web, "/docs/errors.md").text


@pytest.mark.parametrize("kind", errors.CATALOGUE, ids=lambda kind: kind.error)
def test_errors_page_has_a_row_for_every_error(web, kind):
    rows = re.findall(r"<tr>.*?</tr>", fetch(web, "/docs/errors").text, re.DOTALL)
    [row] = [row for row in rows if f"<code>{html.escape(kind.error, quote=False)}</code>" in row]

    words = html.unescape(re.sub(r"<[^>]+>", "", row))
    assert str(kind.status) in words
    assert kind.when.replace("`", "") in words
    assert kind.reaction.replace("`", "") in words
    assert words.strip().endswith(kind.retry)


def test_member_sees_the_own_workspace_in_the_examples(web, visit, cast):
    mine = visit(make_user(cast.workspace))

    for page in pages.GUIDES:
        words = mine.get(page.path).text
        assert pages.ANY_SLUG not in words
        assert f"Examples for {cast.workspace.slug}" in words
    assert f"/api/vapi/{cast.workspace.slug}/events" in text_of(mine.get("/docs/vapi"))
    assert f"/admin/{pages.ANY_SLUG}/api-keys" in fetch(web, "/docs").text


def json_blocks(web) -> list:
    """Return every JSON of every guide, read."""
    texts = [fetch(web, page.text_path).text for page in pages.GUIDES]
    return [
        json.loads(block)
        for text in texts
        for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    ]


def test_examples_are_those_of_the_description(web):
    known = [example for example in vars(examples).values() if isinstance(example, dict)]
    known += [kind.example for kind in errors.CATALOGUE]
    known.append({"conversation": examples.WRITTEN_LEAD["conversation"]})

    blocks = json_blocks(web)

    assert len(blocks) >= 8
    assert all(block in known for block in blocks)
    assert examples.CALLED in blocks
    assert examples.LEAD in blocks


@pytest.mark.parametrize("page", pages.WITH_CODE, ids=lambda page: page.name)
def test_snippet_is_shown_as_it_is(web, page):
    text = fetch(web, page.text_path).text
    shown = re.findall(rf"```{page.language}\n(.*?)\n```", text, re.DOTALL)[-1]

    assert shown == (pages.SNIPPETS / page.snippet).read_text().strip()
