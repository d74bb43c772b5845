"""The overview: the figures of some days, what comes next, and the steps to the first lead."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.reading.listed.days import Span, days_of
from tests.dashboard import text_of
from tests.factories import make_lead, make_phone, make_user, make_workspace

NOW = timezone.now()
DAY = timedelta(days=1)


def overview(visit, workspace, **query) -> str:
    return text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/", **query))


def make_leads(workspace, number, *, reached=0, booked=0, seconds=(), **fields):
    """Make leads, the first of which were reached, booked, and contacted after some seconds."""
    for place in range(number):
        at = fields.get("created_at", NOW - timedelta(minutes=place))
        waited = timedelta(seconds=seconds[place]) if place < len(seconds) else None
        more = {
            "status": "booked"
            if place < booked
            else "in_conversation"
            if place < reached
            else "new",
            "reached_at": at if place < reached else None,
            "first_contact_at": at + waited if waited is not None else None,
        }
        make_lead(workspace, **{"created_at": at, **more, **fields})


def test_empty_workspace_shows_the_steps_and_a_ready_curl(visit):
    text = overview(visit, make_workspace())

    assert "First steps 5 of 5 are left." in text
    assert "/api/public/leads" in text and "Enter the account" in text


def test_rates_are_told_with_what_they_are_of(cast, visit):
    make_leads(cast.workspace, 21, reached=8, booked=5, seconds=[4] * 10)

    text = overview(visit, cast.workspace)

    assert "Leads 21 came in" in text
    assert "Called 48% 10 of 21 leads" in text
    assert "Reached 38% 8 of 21 leads" in text and "Booked 24% 5 of 21 leads" in text


def test_of_few_leads_no_percentage_is_told(cast, visit):
    make_leads(cast.workspace, 9, reached=3)

    text = overview(visit, cast.workspace)

    assert "Reached 3 of 9 too few for a percentage" in text
    assert "api 9 leads 3 reached 0 booked –" in text


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        ([], "No call rang yet."),
        ([14], "14 s One call: too few for a median"),
        ([14, 3.21], "3.2 s to 14 s 2 calls: too few for a median"),
        (
            [1, 2, 30, 40, 7_500],
            "30 s in the median of the first calls to 5 leads; the slowest took 2 h 5 min",
        ),
        (
            [*range(1, 20), 3_000],
            "10 s in the median of the first calls to 20 leads; 95 of 100 took at most 19 s",
        ),
    ],
)
def test_speed_is_a_median_only_of_several_leads(cast, visit, waited, told):
    make_leads(cast.workspace, 21, seconds=waited)

    assert told in overview(visit, cast.workspace)


@pytest.mark.parametrize(
    ("when", "number"),
    [("today", 1), ("yesterday", 1), ("7", 3), ("", 4), ("30", 4), ("90", 5), ("nonsense", 4)],
)
def test_figures_are_of_the_chosen_days(cast, visit, when, number):
    for days in (0, 1, 6, 29, 89, 90):
        make_lead(cast.workspace, created_at=NOW - days * DAY)

    text = overview(visit, cast.workspace, when=when)

    assert f"Leads {number} came in" in text


def test_days_by_name_are_those_of_the_list(cast, visit):
    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads")

    offered = [span for span in Span if f'value="{span.value}"' in page.text]

    assert offered == list(Span)
    assert days_of(Span.QUARTER, NOW.date())[0] == NOW.date() - 89 * DAY


def test_sources_are_told_apart(cast, visit):
    make_leads(cast.workspace, 10, reached=5, booked=1, seconds=[5] * 5)
    make_leads(cast.workspace, 2, reached=1, seconds=[9], metadata={"utm_source": "spring"})

    text = overview(visit, cast.workspace)

    assert "api 10 leads 5 reached 50% 1 booked 10% 5.0 s" in text
    assert "spring 2 leads 1 reached 0 booked too few" in text


def test_of_many_sources_the_largest_are_shown(cast, visit):
    for number in range(12):
        make_lead(cast.workspace, metadata={"utm_source": f"source-{number:02}"})

    text = overview(visit, cast.workspace)

    assert "source-09" in text and "source-10" not in text
    assert "2 more sources with fewer leads" in text


def test_days_of_the_chart_are_told_in_words(cast, visit):
    make_leads(cast.workspace, 3, reached=2, booked=1, created_at=NOW - 3 * DAY)
    day = NOW - 3 * DAY

    text = overview(visit, cast.workspace)

    assert f"{day:%a} {day.day} {day:%b}: 3 leads, 2 reached, 1 booked" in text
    assert "Leads a week" in overview(visit, cast.workspace, when="90")
    assert "Leads a day" not in overview(visit, cast.workspace, when="today")


def test_next_appointments_are_named_in_the_workspace_s_zone(cast, visit):
    cast.workspace.time_zone = "Asia/Kathmandu"
    cast.workspace.save()
    ahead = (NOW + 2 * DAY).replace(hour=10, minute=0)
    make_lead(cast.workspace, name="Second Next", booking_start=ahead + DAY, status="booked")
    make_lead(cast.workspace, name="First Next", booking_start=ahead, status="needs_human")
    make_lead(cast.workspace, name="Long Over", booking_start=NOW - DAY, status="booked")
    make_lead(cast.workspace, name="Own Number", booking_start=ahead, is_test=True)

    text = overview(visit, cast.workspace)

    assert text.index("First Next Needs a human") < text.index("Second Next")
    assert "Booked 2 of 3 too few" in text and "passed on to a person since" in text
    assert "15:45 Asia/Kathmandu" in text
    assert "Long Over" not in text and "Own Number" not in text


def test_failures_and_their_causes_are_told(cast, api, visit):
    api.submit()
    for ending in ("41", "41", "45"):
        api.submit(phone=make_phone(ending))

    text = overview(visit, cast.workspace)

    assert "Leads 1 came in" in text and "Called 0 of 1" in text
    assert "Calls that could not be placed: 3;" in text
    assert "2 calls could not be placed since" in text and "The assistant does not exist" in text
    assert "1 call could not be placed" in text and "The Vapi account has no credit" in text


def test_leads_that_need_a_human_are_named(cast, visit):
    make_lead(cast.workspace, name="Help Wanted", status="needs_human")

    assert "Help Wanted" in overview(visit, cast.workspace)


def test_where_leads_are_written_to_the_words_are_of_messages(visit):
    workspace = make_workspace(channel="whatsapp")
    make_leads(workspace, 12, reached=6, seconds=[2] * 8)

    text = overview(visit, workspace)

    assert "Written to 67% 8 of 12 leads" in text
    assert "From lead to first message 2.0 s in the median of the first messages to 8 leads" in text
    assert "call" not in text[text.index("Leads a day") : text.index("Next appointments")]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Asia/Calcutta", 5.5),
        ("America/Buenos_Aires", -3),
        ("Asia/Saigon", 7),
        ("Asia/Kathmandu", 5.75),
        ("Pacific/Kiritimati", 14),
    ],
)
def test_days_are_cut_in_the_browser_s_zone_without_its_name_in_sql(cast, zone, hours):
    """Debian's PostgreSQL knows no older names of zones, which browsers go on using."""
    now = timezone.now()
    midnight = (now + timedelta(hours=hours)).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight -= timedelta(hours=hours)
    make_lead(cast.workspace, created_at=midnight - timedelta(minutes=1))
    make_lead(cast.workspace, created_at=midnight + timedelta(seconds=1))
    user = make_user(cast.workspace)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user)
    client.cookies["time_zone"] = zone

    with CaptureQueriesContext(connection) as queries:
        pages = [
            client.get(f"/admin/{cast.workspace.slug}/?when={when}")
            for when in ("today", "yesterday", "7")
        ]

    told = [re.search(r"Leads (\d) came in", text_of(Page(page)))[1] for page in pages]
    assert told == ["1", "1", "2"]
    assert zone not in "".join(query["sql"] for query in queries)


class Page:
    """What text_of() needs of a page that a client inside this process got."""

    def __init__(self, response):
        self.text = response.content.decode()
