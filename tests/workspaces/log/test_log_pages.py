"""The log: filters, rows, what appears while one watches."""

from datetime import UTC, datetime

import pytest

from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_phone, make_user
from workspaces.log import record


@pytest.fixture
def ask(cast, visit):
    """Return a function that asks for the log as a member."""
    visitor = visit(make_user(cast.workspace))
    return lambda path="", **filters: visitor.get(
        f"/admin/{cast.workspace.slug}/logs{path}", **filters
    )


def write(cast, action, **fields):
    fields = {"kind": "api_request", "code": "test", "outcome": "succeeded", **fields}
    record.row(workspace_id=cast.workspace.pk, action=action, **fields)
    return cast.workspace.log.latest("id")


def test_filters_narrow_the_log(cast, ask):
    write(cast, "first-row", kind="tool_call", at=datetime(2026, 11, 10, 12, tzinfo=UTC))
    write(cast, "second-row", outcome="failed")

    def shown(**filters):
        text = text_of(ask(**filters))
        return [name for name in ("first-row", "second-row") if name in text]

    assert shown() == ["first-row", "second-row"]
    assert shown(outcome="failed") == ["second-row"]
    assert shown(kind="tool_call") == ["first-row"]
    assert shown(until="2026-11-10") == ["first-row"]
    assert shown(since="2026-11-11") == ["second-row"]
    assert shown(kind="tool_call", outcome="failed") == []


def test_rows_are_found_by_lead_and_by_request_id(api, ask):
    response = api.submit()
    api.submit()
    lead_id, request_id = response.json()["leadId"], response.headers["X-Request-Id"]

    of_lead, of_request, of_nothing = (
        ask(about=about).text.count("<details") for about in (lead_id, request_id, "nothing")
    )

    assert (of_lead, of_request, of_nothing) == (2, 2, 0)


def test_row_shows_what_was_sent_and_came_back_masked_and_escaped(cast, ask):
    entry = write(
        cast,
        "Vapi POST /call",
        request={"name": "<img src=x>", "apiKey": "sk-very-secret"},
        response='{"message": "no"}',
    )

    page = ask(f"/{entry.pk}")

    assert "&lt;img src=x&gt;" in page.text and "<img src=x>" not in page.text
    assert "sk-very-secret" not in page.text and "•••" in page.text
    assert "{\n  &quot;message&quot;: &quot;no&quot;\n}" in page.text


def test_failed_row_stays_when_its_lead_is_gone_and_links_to_no_lead(cast, api, ask):
    api.submit(phone=make_phone("41"))

    page = ask(outcome="failed")

    assert "The lead was withdrawn or deleted" in text_of(page)
    assert f"/admin/{cast.workspace.slug}/leads/" not in page.text


def test_errors_are_explained_as_those_of_their_provider(cast, ask):
    fields = {"kind": "provider_request", "outcome": "refused", "status_code": 401}
    write(cast, "POST /bookings", error="No.", error_code="calcom.key_refused", **fields)
    assert "Cal.com does not take the API key." in text_of(ask())
    assert "Vapi does not accept" not in text_of(ask())

    write(cast, "POST /call", error="No.", error_code="vapi.invalid_key", **fields)

    assert "Vapi does not accept the API key" in text_of(ask())


def test_new_rows_are_given_to_a_page_that_is_watched_once(cast, ask):
    write(cast, "old-row")
    watched = ask().text.split("/logs/new?newer=")[1].split('"')[0]
    assert ask("/new", newer=watched).status_code == 204
    write(cast, "new-row")

    answer = ask("/new", newer=watched)

    assert "new-row" in answer.text and "old-row" not in answer.text
    assert ask("/new", newer=answer.headers["X-Newest"]).status_code == 204


def test_watching_an_empty_log_shows_its_first_row(cast, ask):
    watched = ask().text.split("/logs/new?newer=")[1].split('"')[0]

    write(cast, "very-first-row")

    assert "very-first-row" in ask("/new", newer=watched).text


@pytest.mark.parametrize("path", ["/0", "/99999999999999999999999999"])
def test_row_that_is_not_there_is_not_found(ask, path):
    assert ask(path).status_code == 404


@pytest.mark.parametrize("cursor", ["1-99999999999999999999999999", "1--5", "0-0"])
def test_any_row_number_in_a_cursor_is_answered(ask, cursor):
    assert ask(older=cursor).status_code == 200
    assert ask(newer=cursor).status_code == 200


def test_rows_of_one_request_stand_together_with_the_plain_words_first(cast, api, ask):
    response = api.submit(phone=make_phone("41"))
    assert response.status_code == 502

    page = ask(outcome="problems").text

    assert page.count('<details class="log-row">') == 1
    assert page.count('<details class="log-row log-row-inner">') == 1
    assert "with 1 more of the same request" in page
    assert page.index("explanation-title") < page.index("Error, word for word")


def test_problems_are_what_failed_was_refused_or_is_unclear(cast, ask):
    for outcome in ("succeeded", "failed", "refused", "unclear"):
        write(cast, f"row-{outcome}", outcome=outcome)

    page = text_of(ask(outcome="problems"))

    assert [o for o in ("succeeded", "failed", "refused", "unclear") if f"row-{o}" in page] == [
        *("failed", "refused", "unclear")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada", ["of-ada"]),
        ("LOVELACE", ["of-ada"]),
        ("+44 7700 900123", ["of-ada"]),
        ("07700 900999", ["withdrawn"]),
        ("assistant not found", ["with-error"]),
        ("assist", ["with-error"]),
        ("vapi.assistant_missing", ["with-error"]),
        ("request-4711", ["by-request"]),
        ("nobody", []),
        ("' & | !", []),
    ],
)
def test_rows_are_found_by_person_id_and_words(cast, ask, text, found):
    cast.workspace.default_country = "GB"
    cast.workspace.save()
    lead = make_lead(cast.workspace, name="Ada Lovelace", phone="+447700900123")
    write(cast, "of-ada", lead_id=lead.pk)
    write(cast, "withdrawn", phone="+447700900999", outcome="failed")
    error = {"error": "Assistant not found.", "error_code": "vapi.assistant_missing"}
    write(cast, "with-error", outcome="refused", **error)
    cast.workspace.log.filter(pk=write(cast, "by-request").pk).update(request_id="request-4711")

    page = text_of(ask(text=text))

    names = ("of-ada", "withdrawn", "with-error", "by-request")
    assert [name for name in names if name in page] == found


def test_row_says_whose_it_is_and_a_stranger_is_not_found(cast, ask, sandbox):
    lead = make_lead(cast.workspace, name="Ada Lovelace")
    write(cast, "ours", lead_id=lead.pk)
    other = make_lead(make_cast(sandbox).workspace, name="Grace Hopper")
    write(cast, "theirs", lead_id=other.pk)

    page = text_of(ask())

    assert f"Ada Lovelace {lead.phone}" in page
    assert "Grace" not in page and "theirs" not in text_of(ask(text="grace"))


def test_key_leads_to_its_own_requests(cast, api, ask, visit):
    api.submit()
    write(cast, "somebody-else")
    prefix = cast.workspace.api_keys.get().prefix
    keys = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/api-keys").text

    page = text_of(ask(key=prefix))

    assert f"/admin/{cast.workspace.slug}/logs?key={prefix}" in keys
    assert "POST /api/public/leads" in page and "somebody-else" not in page
