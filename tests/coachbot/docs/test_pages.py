"""/docs: public, in one look with the dashboard, and the same text for people and machines."""

import html
import json
import re
from urllib.parse import urldefrag, urljoin

import pytest
import requests
from django.conf import settings

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


def links_of(path: str, page: str) -> set[str]:
    """Return where a page leads to on this host: paths, and what stands behind a `#`."""
    hrefs = {html.unescape(href) for href in re.findall(r'<a [^>]*href="([^"]*)"', page)}
    targets = {urljoin(path, href.removeprefix(settings.PUBLIC_BASE_URL)) for href in hrefs}
    return {target for target in targets if target.startswith("/")}


def walk(visitor) -> tuple[dict[str, str], set[str]]:
    """Follow all links from /docs to pages of it. Return these by path, and all links."""
    found, links, waiting = {}, set(), {"/docs"}
    while waiting:
        path = waiting.pop()
        found[path] = visitor.get(path).text
        links |= links_of(path, found[path])
        paths = {urldefrag(link).url for link in links}
        waiting = {p for p in paths if p.startswith("/docs") and "." not in p} - found.keys()
    return found, links


@pytest.mark.parametrize("is_member", [False, True])
def test_walk_finds_every_page_and_the_target_of_every_link(visit, cast, is_member):
    visitor = visit(make_user(cast.workspace) if is_member else None)

    found, links = walk(visitor)

    assert {page.path for page in (*ALL, pages.REFERENCE)} == found.keys()
    for path, fragment in map(urldefrag, links):
        assert path in found or visitor.get(path).status_code in (200, 302), path
        assert not fragment or f'id="{fragment}"' in found[path], f"{path}#{fragment}"
    assert any(path.startswith(f"/admin/{cast.workspace.slug}/") for path in links) is is_member


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path)
def test_page_links_to_each_of_its_parts(web, page):
    shown = fetch(web, page.path).text
    ids = re.findall(r' id="([^"]+)"', shown)
    parts = re.findall(r'<h[23] id="([^"]+)"><a class="docs-anchor" href="#([^"]+)"', shown)
    listed = re.findall(r'<li class="docs-part-\d"><a href="#([^"]+)"', shown)

    assert len(ids) == len(set(ids))
    assert all(part == link for part, link in parts)
    assert listed == 2 * [part for part, _ in parts] if len(parts) > 1 else listed == []


def test_same_request_stands_in_every_language_one_below_the_other(web):
    [first, *others] = fetch(web, "/docs").text.split('<div class="languages">')[1:]

    for group in (first, *others):
        names = re.findall(r'<p class="language-name">(.*?)</p>', group)
        assert names == ["curl", "Python", "Node", "PHP", "Ruby", "Go"]
    assert others


def test_reference_is_shown_from_this_host_under_the_policy_of_all_pages(web):
    shown, other = fetch(web, "/docs/reference"), fetch(web, "/docs")
    files = re.findall(r'(?:src|<link [^>]*href)="([^"]+)"', shown.text)

    policy = "Content-Security-Policy"
    assert shown.headers[policy] == other.headers[policy]
    assert [file for file in files if not file.startswith("/static/")] == []
    viewer = [file for file in files if re.search(r"/swagger-ui[\w-]*\.[0-9a-f]{12}\.", file)]
    assert len(viewer) == 2
    for file in viewer:
        answer = fetch(web, file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"


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
        assert f"]({settings.PUBLIC_BASE_URL}{page.text_path})" in response.text


def test_llms_txt_and_the_quickstart_name_the_same_endpoints(web):
    form = r"(?:POST|GET|DELETE) /api/public/[\w/<>]+"
    named = set(re.findall(form, fetch(web, "/llms.txt").text))

    in_table = set(re.findall(rf"\| `({form})` \|", fetch(web, "/docs.md").text))

    assert named == in_table and len(named) >= 3


def test_tool_secret_is_said_to_be_in_no_url(web):
    assert "secret of the workspace in its URL" not in fetch(web, "/docs/errors.md").text


@pytest.mark.parametrize("kind", errors.CATALOGUE, ids=lambda kind: kind.error)
def test_errors_page_has_a_row_for_every_error(web, kind):
    rows = re.findall(r"<tr\b.*?</tr>", fetch(web, "/docs/errors").text, re.DOTALL)
    [row] = [row for row in rows if f"<code>{html.escape(kind.error, quote=False)}</code>" in row]

    words = html.unescape(re.sub(r"<[^>]+>", "", row))
    assert str(kind.status) in words
    assert kind.when.replace("`", "") in words
    assert kind.reaction.replace("`", "") in words
    assert words.strip().endswith(kind.retry)


@pytest.mark.parametrize(
    ("error", "anchor"),
    [
        ("duplicate_phone", "duplicate_phone"),
        ("voice_dispatch_failed", "voice_dispatch_failed"),
        ("Validation failed.", "validation-failed"),
        ("`consent` must be true.", "consent-must-be-true"),
        ("API key is invalid or revoked.", "api-key-is-invalid-or-revoked"),
        (
            "Authorization header must use the `Bearer <api key>` scheme.",
            "authorization-header-must-use-the-bearer-api-key-scheme",
        ),
        (
            "Rate limit exceeded. Wait a minute before retrying.",
            "rate-limit-exceeded-wait-a-minute-before-retrying",
        ),
    ],
)
def test_error_is_linked_to_by_its_words(web, error, anchor):
    shown = fetch(web, "/docs/errors").text
    [row] = re.findall(rf'<tr id="{anchor}">.*?</tr>', shown, re.DOTALL)

    code = f"<code>{html.escape(error, quote=False)}</code>"
    assert f'<a class="docs-anchor" href="#{anchor}">{code}</a>' in row


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
