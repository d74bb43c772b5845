"""The list of leads: search, filters, pages, export."""

import csv
import io
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_user

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def workspace(sandbox):
    """A workspace with four people."""
    workspace = make_cast(sandbox).workspace
    make_lead(workspace, name="Ada Lovelace", phone="+447700900123", email="ada@engine.example")
    make_lead(workspace, name="Grace O'Brien-Hopper", phone="+14155550142", status="booked")
    make_lead(workspace, name="José Ñandú", phone="+34600111222", email="j.nandu@example.org")
    make_lead(workspace, name="李明", phone="+8613800138000", accepted_at=None)
    make_lead(workspace, name="Old Timer", created_at=NOON)
    return workspace


@pytest.fixture
def names(workspace, visit):
    """Return a function from filters to the names that the list shows."""
    visitor = visit(make_user(workspace))

    def shown(**filters) -> list[str]:
        page = text_of(visitor.get(f"/admin/{workspace.slug}/leads", **filters))
        people = ["Ada Lovelace", "Grace O&#x27;Brien-Hopper", "José Ñandú", "李明", "Old Timer"]
        return [name.split()[0] for name in people if name in page]

    return shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada", ["Ada"]),
        ("LOVEL", ["Ada"]),
        ("lovelace ada", ["Ada"]),
        ("o'brien", ["Grace"]),
        ("hopper", ["Grace"]),
        ("josé", ["José"]),
        ("ada@engine.example", ["Ada"]),
        ("engine", ["Ada"]),
        ("+44 7700 900123", ["Ada"]),
        ("07700 900 123", ["Ada"]),
        ("+1 (415) 555", ["Grace"]),
        ("nandu 600111222", ["José"]),
        ("ada hopper", []),
        ("'); drop table leads_lead; --", []),
        ("& | ! <-> :* \\", []),
        ("%", []),
    ],
)
def test_search_finds_by_words_and_by_phone(names, text, found):
    assert names(text=text) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Émilie Zola", "emilie"),
        ("Émilie Zola", "ÉMILIE"),
        ("Émilie Zola", "E\u0301milie zo"),
        ("E\u0301milie Zola", "Émilie"),
        ("山田太郎", "太郎"),
        ("山田太郎", "山田"),
        ("ヤマダ", "\uff94\uff8f\uff80\uff9e"),
        ("김철수", "철수"),
        ("Jürgen Groß", "jurgen GROSS"),
        ("Søren Ørsted", "orsted"),
        ("Łukasz Żak", "lukasz zak"),
        ("Işıl Yılmaz", "yilmaz"),
        ("İPEK", "ipek"),
        ("Ｊａｎｅ", "jane"),
        ("Ирина Ёлкина", "ИРИНА елкина"),
        ("Zo\u00ad\u00eb", "zoe"),
    ],
)
def test_search_goes_by_neither_accents_nor_case_nor_form(api, cast, visit, name, text):
    assert api.submit(name=name).status_code == 201
    make_lead(cast.workspace, name="Somebody Else")

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads", text=text)

    assert f"<bdi>{name}</bdi>" in page.text
    assert "Somebody Else" not in page.text


@pytest.mark.parametrize(
    ("country", "stored", "text"),
    [
        ("GB", "+447700900123", "07700 900123"),
        ("", "+447700900123", "+44 (0)7700 900123"),
        ("", "+447700900123", "\uff0b\uff14\uff14 7700.900.123"),
        ("", "+447700900123", "900123"),
        ("US", "+14155552671", "(415) 555-2671"),
        ("", "+4402079460018", "+44 20 7946 0018"),
        # A part of a number is one, whatever country the workspace is in.
        ("GB", "+442079460018", "7946 0018"),
        ("US", "+14155552671", "555-2671"),
        ("", "+14155552671", "\u0665\u0665\u0665 \u0662\u0666\u0667\u0661"),
    ],
)
def test_search_finds_a_phone_in_any_spelling(cast, visit, country, stored, text):
    cast.workspace.default_country = country
    cast.workspace.save()
    make_lead(cast.workspace, phone=stored)
    make_lead(cast.workspace, name="Somebody Else")

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads", text=text)

    assert stored in page.text
    assert "Somebody Else" not in page.text


def test_filters_narrow_the_list(names):
    assert names() == ["Ada", "Grace", "José", "Old"]
    assert names(status="booked") == ["Grace"]
    assert names(since="2026-11-09", until="2026-11-10") == ["Old"]
    assert names(until="2026-11-09") == []
    assert names(since="2026-11-11", text="timer") == []


@pytest.mark.parametrize(
    "filters", [{"status": "rich"}, {"since": "yesterday"}, {"until": "9999-12-31"}]
)
def test_filter_that_makes_no_sense_is_told_and_shows_nothing(workspace, visit, filters):
    page = visit(make_user(workspace)).get(f"/admin/{workspace.slug}/leads", **filters)

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert "Ada Lovelace" not in page.text


@pytest.mark.parametrize("cursor", ["x", "1-", "-", "99999999999999999999999-1", "1-\x00"])
def test_page_that_no_list_gave_out_is_not_found(workspace, visit, cursor):
    page = visit(make_user(workspace)).get(f"/admin/{workspace.slug}/leads", older=cursor)

    assert page.status_code == 404


def test_pages_hold_every_lead_once_in_both_directions(cast, visit):
    # All at one moment: then the ids alone decide.
    wanted = {str(make_lead(cast.workspace, created_at=NOON).pk) for _ in range(120)}
    visitor = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/leads"

    forth, last = walk(visitor, path, "next")
    back, _ = walk(visitor, last, "prev")

    assert [len(page) for page in forth] == [50, 50, 20]
    assert {lead for page in forth for lead in page} == wanted
    assert back[1:] == forth[-2::-1]


def walk(visitor, path: str, rel: str):
    """Follow the links to the pages on one side. Return the ids on each, and the last path."""
    pages = []
    while True:
        html = visitor.get(path).text
        pages.append([part.split('"')[0] for part in html.split('name="lead" value="')[1:]])
        links = [tag for tag in html.split("<a ") if f'rel="{rel}"' in tag]
        if not links:
            return pages, path
        query = links[0].split('href="')[1].split('"')[0].replace("&amp;", "&")
        path = urlsplit(path).path + query
        assert set(parse_qs(query[1:])) <= {"older", "newer"}


def test_export_streams_what_is_filtered_without_formulas(cast, visit):
    for number in range(3):
        make_lead(cast.workspace, name=f"Booked {number}", status="booked")
    evil = make_lead(cast.workspace, name="=cmd|' /C calc'!A0", goal="@SUM(1)", status="booked")
    make_lead(cast.workspace, name="Not asked for")

    answer = visit(make_user(cast.workspace)).get(
        f"/admin/{cast.workspace.slug}/leads/export", status="booked"
    )

    *rows, last = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Content-Length" not in answer.headers
    assert [row["name"] for row in rows] == [
        "'=cmd|' /C calc'!A0",
        *("Booked 2", "Booked 1", "Booked 0"),
    ]
    assert last["id"] == "End of the export. Leads in this file: 4"
    assert (rows[0]["goal"], rows[0]["phone"]) == ("'@SUM(1)", f"'{evil.phone}")


@pytest.mark.parametrize(
    "goal",
    [
        *("=1+1", "+1", "-1", "@SUM(1)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)"),
        *(" =1+1", "\u200b=1+1", "\ufeff=1", '"=1', "\n=1", "a;=1", 'a,"=1', "a\t=1", "a\n@b"),
    ],
)
def test_export_guards_what_a_spreadsheet_takes_for_a_formula(cast, visit, goal):
    make_lead(cast.workspace, goal=goal)

    answer = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/export")

    [row, _] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert row["goal"] == f"'{goal}"


@pytest.mark.parametrize("goal", ["Run a marathon", "5-10 kg", "a = b", "jane@acme.com", "A+"])
def test_export_leaves_ordinary_text_as_it_is(cast, visit, goal):
    make_lead(cast.workspace, goal=goal)

    answer = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/export")

    [row, _] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["goal"] == goal


def test_days_are_those_of_the_browsers_time_zone(cast, visit):
    late = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)
    make_lead(cast.workspace, name="Night Owl", created_at=late)
    visitor = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/leads"

    utc = "Night Owl" in visitor.get(path, since="2026-11-11").text
    visitor.session.cookies.set("time_zone", "Asia/Tokyo")
    tokyo = "Night Owl" in visitor.get(path, since="2026-11-11").text
    visitor.session.cookies.set("time_zone", "../../etc/passwd")

    assert (utc, tokyo) == (False, True)
    assert visitor.get(path, until=late.date() + timedelta(days=1)).status_code == 200


@pytest.fixture
def worked(cast):
    """Return a member, and a workspace with leads in all stages of work."""
    member = make_user(cast.workspace)
    closed = {"closed_at": NOON, "owner": member.memberships.get()}
    make_lead(cast.workspace, name="Open Olga")
    make_lead(cast.workspace, name="Mine Mary", owner=member.memberships.get())
    make_lead(cast.workspace, name="Won Wanda", closed_as="won", **closed)
    make_lead(cast.workspace, name="Lost Lou", closed_as="lost", **closed)
    return member


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"owner": "nobody"}, {"Open"}),
        ({"owner": "me"}, {"Mine", "Won", "Lost"}),
        ({"end": "open"}, {"Open", "Mine"}),
        ({"end": "closed"}, {"Won", "Lost"}),
        ({"end": "won"}, {"Won"}),
        ({"owner": "me", "end": "open"}, {"Mine"}),
        ({"owner": "999999999"}, set()),
    ],
)
def test_leads_are_found_by_whose_they_are_and_how_they_ended(cast, visit, worked, filters, found):
    if filters.get("owner") == "me":
        filters = {**filters, "owner": str(worked.memberships.get().pk)}

    page = text_of(visit(worked).get(f"/admin/{cast.workspace.slug}/leads", **filters))

    names = {"Open Olga", "Mine Mary", "Won Wanda", "Lost Lou"}
    assert {name.split()[0] for name in names if name in page} == found


def test_export_tells_whose_a_lead_is_and_how_it_ended(cast, visit, worked):
    answer = visit(worked).get(f"/admin/{cast.workspace.slug}/leads/export", end="won")

    [row, _] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["owner"], row["closed_as"], row["next_step"]) == (worked.email, "won", "")
