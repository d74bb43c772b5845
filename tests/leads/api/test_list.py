"""GET /api/public/leads: what is listed, in which order, and by which filters."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.models import Lead
from tests.client import Api
from tests.envelope import VALIDATION_FAILED, assert_error, issue
from tests.factories import make_cast, make_key, make_lead, make_phone, make_user
from workspaces.models import Role

CREATED = datetime(2026, 6, 7, 13, 3, 37, 162_837, tzinfo=UTC)


def make_leads(workspace, number: int, **fields) -> list[Lead]:
    """Make leads of one second after the other, and return them as they are listed."""
    made = [
        make_lead(workspace, created_at=CREATED + timedelta(seconds=n), **fields)
        for n in range(number)
    ]
    return made[::-1]


def ids(response) -> list[str]:
    assert response.status_code == 200, response.text
    return [lead["id"] for lead in response.json()["data"]]


def keys(leads) -> list[str]:
    return [str(lead.pk) for lead in leads]


def test_page_has_leads_as_they_are_read_the_newest_first(api, cast):
    newest, oldest = make_leads(cast.workspace, 2, email="jane@acme.com", metadata={"a": 1})

    response = api.list()

    assert response.json() == {
        "ok": True,
        "data": [api.read(lead.pk).json()["lead"] for lead in (newest, oldest)],
        "hasMore": False,
        "nextCursor": None,
    }
    assert response.headers["Cache-Control"] == "no-store"
    assert "RateLimit" in response.headers


def test_workspace_without_leads_has_an_empty_page(api):
    assert api.list().json() == {"ok": True, "data": [], "hasMore": False, "nextCursor": None}


def test_page_has_25_leads_unless_asked_for_others(api, cast):
    leads = keys(make_leads(cast.workspace, 101))

    for query, size in (({}, 25), ({"limit": 1}, 1), ({"limit": 100}, 100)):
        response = api.list(**query)
        assert ids(response) == leads[:size]
        assert response.json()["hasMore"] is True


def test_cursor_leads_on_to_the_end(api, cast):
    leads = keys(make_leads(cast.workspace, 5))

    pages, cursor = [], {}
    while cursor is not None:
        response = api.list(limit=2, **cursor)
        pages.append(ids(response))
        cursor = response.json()["nextCursor"]
        assert response.json()["hasMore"] is (cursor is not None)
        cursor = cursor and {"cursor": cursor}

    assert pages == [leads[:2], leads[2:4], leads[4:]]


def test_page_that_ends_with_the_last_lead_has_no_more(api, cast):
    make_leads(cast.workspace, 2)

    assert api.list(limit=2).json()["nextCursor"] is None


def test_leads_of_one_moment_are_all_listed(api, cast):
    made = {str(make_lead(cast.workspace, created_at=CREATED).pk) for _ in range(5)}

    first = api.list(limit=3)
    second = api.list(limit=3, cursor=first.json()["nextCursor"])

    assert (len(ids(first)), len(ids(second))) == (3, 2)
    assert {*ids(first), *ids(second)} == made


def test_limit_may_change_on_the_way(api, cast):
    leads = keys(make_leads(cast.workspace, 5))

    cursor = api.list(limit=2).json()["nextCursor"]

    assert ids(api.list(limit=3, cursor=cursor)) == leads[2:]


def test_lead_whose_first_call_is_still_being_placed_is_not_listed(api, cast):
    make_lead(cast.workspace, accepted_at=None)

    assert ids(api.list()) == []


def test_slash_at_the_end_changes_nothing(api, cast):
    lead = make_lead(cast.workspace)

    assert ids(api.ask("GET", "/api/public/leads/?limit=1")) == [str(lead.pk)]


# --- Filters


def test_status(api, cast):
    booked = make_lead(cast.workspace, status="booked")
    make_lead(cast.workspace)

    assert ids(api.list(status="booked")) == [str(booked.pk)]
    assert ids(api.list(status="unqualified")) == []


def test_phone_in_any_spelling(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    lead = make_lead(cast.workspace, phone="+447700900123")
    make_lead(cast.workspace)
    api = Api(web.base_url, cast.key)

    spellings = [
        *("+447700900123", "07700 900123", "+44 (0)7700 900-123", "tel:+44-7700-900123"),
        "٠٧٧٠٠٩٠٠١٢٣",
    ]

    for phone in spellings:
        assert ids(api.list(phone=phone)) == [str(lead.pk)], phone
    assert ids(api.list("phone=+447700900123")) == [str(lead.pk)]  # a plus that nobody escaped
    assert ids(api.list(phone="07700 900124")) == []


def test_phone_of_a_lead_that_is_stored_in_an_older_spelling(api, cast):
    lead = make_lead(cast.workspace, phone="+4402079460018")

    for phone in ("+44 20 7946 0018", "+44 (0)20 7946 0018"):
        assert ids(api.list(phone=phone)) == [str(lead.pk)]


@pytest.mark.parametrize(
    "since",
    [
        "2026-06-07T13:03:37.162Z",
        "2026-06-07T15:03:37.162%2B02:00",
        "2026-06-07T15:03:37.162+02:00",  # as a space, that is
        "2026-06-07T09:03:37.162-0400",
        "2026-06-07 13:03:37Z",
    ],
)
def test_since_is_at_or_after_what_a_lead_shows(api, cast, since):
    at, before = (
        make_lead(cast.workspace, created_at=CREATED - timedelta(seconds=n)) for n in (0, 1)
    )

    assert api.read(at.pk).json()["lead"]["createdAt"] == "2026-06-07T13:03:37.162Z"
    assert ids(api.list(f"since={since}")) == [str(at.pk)]
    assert before.pk != at.pk


def test_source_is_that_of_the_campaign_else_how_the_lead_came_in(api, cast, visit):
    plain = api.submit(phone=make_phone()).json()["leadId"]
    campaign = api.submit(metadata={"utm_source": "google"}).json()["leadId"]
    number = api.submit(metadata={"utm_source": 2024}).json()["leadId"]
    empty = api.submit(metadata={"utm_source": "", "a": 1}).json()["leadId"]
    form, intake = (str(make_lead(cast.workspace, came_by=way).pk) for way in ("form", "intake"))
    ad = str(make_lead(cast.workspace, came_by="form", metadata={"utm_source": "google"}).pk)
    phone = make_phone()
    visit(make_user(cast.workspace, Role.AGENT)).post(
        f"/admin/{cast.workspace.slug}/leads/add", name="Al", phone=phone, consent="on"
    )
    by_hand = str(cast.workspace.leads.get(phone=phone).pk)

    assert set(ids(api.list(source="api"))) == {plain, empty}
    assert set(ids(api.list(source="google"))) == {campaign, ad}
    assert ids(api.list(source="2024")) == [number]
    assert ids(api.list(source="form")) == [form]
    assert ids(api.list(source="intake")) == [intake]
    assert ids(api.list(source="dashboard")) == [by_hand]
    assert ids(api.list(source="Google")) == []


def test_source_without_end_can_be_stored_and_found_by_its_beginning(api):
    lead_id = api.submit(metadata={"utm_source": "é" * 7_000}).json()["leadId"]

    assert ids(api.list(source="é" * 200)) == [lead_id]


def test_filters_hold_together(api, cast):
    since = CREATED + timedelta(seconds=1)
    make_leads(cast.workspace, 3, status="booked")
    wanted = make_leads(cast.workspace, 3, status="booked", metadata={"utm_source": "ad"})[:2]

    query = {"status": "booked", "source": "ad", "since": since.isoformat()}
    first = api.list(limit=1, **query)
    second = api.list(limit=1, cursor=first.json()["nextCursor"], **query)

    assert [*ids(first), *ids(second)] == keys(wanted)
    assert second.json()["hasMore"] is False


# --- What cannot be asked


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *((f"limit={bad}", "limit") for bad in ("0", "101", "-1", "ten", "", "1.5", "1_0", "٥")),
        *((f"status={bad}", "status") for bad in ("won", "", "NEW", "new,booked")),
        *((f"phone={bad}", "phone") for bad in ("", "abc", "12", "%00", "1" * 40)),
        *((f"since={bad}", "since") for bad in ("", "yesterday", "2026-06-07", "1790000106")),
        *((f"since={bad}", "since") for bad in ("2026-06-07T13:00:00", "2026-13-07T13:00:00Z")),
        *((f"since={bad}", "since") for bad in ("0001-01-01T00:00:00%2B14:00", "%00")),
        *((f"source={bad}", "source") for bad in ("", "%00", "x" * 201)),
        *((f"cursor={bad}", "cursor") for bad in ("", "x", "%00", "1-2.x", "x" * 300, "a.b")),
        *((f"{bad}=1", bad) for bad in ("page", "Limit", "constructor", "ok", "older")),
        *((f"{n}=new&{n}=new", n) for n in ("status", "cursor")),
    ],
)
def test_what_cannot_be_asked_is_named(api, query, name):
    response = api.list(query)

    assert response.status_code == 400, response.text
    [found] = response.json()["issues"]
    assert_error(response, 400, VALIDATION_FAILED, issues=[issue(name, message=found["message"])])


def test_all_that_is_wrong_is_named_at_once(api):
    response = api.list("colour=red&limit=0&status=won")

    assert {issue["path"][0] for issue in response.json()["issues"]} == {
        *("colour", "limit", "status")
    }


# --- Cursors


@pytest.fixture
def cursor(api, cast):
    """A cursor of the list of booked leads."""
    make_leads(cast.workspace, 3, status="booked")
    return api.list(limit=1, status="booked").json()["nextCursor"]


@pytest.mark.parametrize(
    "filters",
    [{}, {"status": "new"}, {"status": "booked", "source": "api"}, {"source": "booked"}],
)
def test_cursor_of_other_filters_is_refused(api, cursor, filters):
    response = api.list(cursor=cursor, **filters)

    [found] = response.json()["issues"]
    assert (response.status_code, found["path"]) == (400, ["cursor"])


def test_cursor_is_good_for_other_spellings_of_the_same_filters(api, cast):
    make_leads(cast.workspace, 2)
    first = api.list(limit=1, since="2026-06-07T13:00:00Z").json()

    second = api.list(limit=1, since="2026-06-07T15:00:00+02:00", cursor=first["nextCursor"])

    assert second.status_code == 200


def test_cursor_that_was_changed_is_refused(api, cursor):
    moment, rest = cursor.split("-", 1)
    changed = [cursor[:-1], cursor + "x", f"{int(moment) + 1}-{rest}", rest, cursor[::-1]]

    assert [api.list(status="booked", cursor=c).status_code for c in changed] == [400] * 5
    assert api.list(status="booked", cursor=cursor).status_code == 200


def test_cursor_of_another_workspace_is_refused(web, sandbox, cursor):
    stranger = Api(web.base_url, make_cast(sandbox).key)

    assert stranger.list(status="booked", cursor=cursor).status_code == 400


def test_cursor_is_good_for_another_key_of_the_workspace(web, cast, cursor):
    other = Api(web.base_url, make_key(cast.workspace))

    assert other.list(status="booked", cursor=cursor).status_code == 200


def test_walk_misses_none_and_repeats_none_while_leads_come_and_go(api, cast):
    made = make_leads(cast.workspace, 60)
    stay = set(keys(made[::2]))
    goes = iter(made[1::2])

    walked, cursor = [], {}
    while cursor is not None:
        response = api.list(limit=7, **cursor)
        walked += ids(response)
        # One goes that the walk may have met, and the one that its cursor names; one comes.
        last = response.json()["data"][-1]["id"]
        for lead in (next(goes), *(lead for lead in made if str(lead.pk) == last)):
            if str(lead.pk) not in stay:
                Lead.objects.filter(pk=lead.pk).delete()
        make_lead(cast.workspace)
        cursor = (next_cursor := response.json()["nextCursor"]) and {"cursor": next_cursor}

    assert len(walked) == len(set(walked))
    assert stay <= set(walked) <= set(keys(made))
