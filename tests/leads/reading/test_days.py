"""Days are the reader's: cut in any zone that a browser names, known to the database or not."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.reading import lists
from leads.reading.listed.days import Span
from leads.reading.overview import figures
from leads.reading.overview.days import Days
from tests.dashboard import Visitor, text_of
from tests.factories import make_lead, make_user, make_workspace
from tests.servers import WebServer

SECOND = timedelta(seconds=1)
# PostgreSQL knows no such zone. To Python it is India's, half an hour off the hour.
ZONE, OFFSET = "Coachbot/Nowhere", timedelta(hours=5, minutes=30)
PAGES = [
    "",
    "leads?since={day}&until={day}",
    "leads/export?since={day}&until={day}",
    "logs?since={day}&until={day}",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose Python knows a zone more than everybody else."""
    folder = tmp_path_factory.mktemp("zones")
    (folder / ZONE).parent.mkdir()
    (folder / ZONE).write_bytes(files("tzdata.zoneinfo").joinpath("Asia/Kolkata").read_bytes())
    server = WebServer(PYTHONTZPATH=str(folder)).start()
    yield server
    server.kill()


def test_zone_that_the_database_does_not_know_serves_every_page(server, cast):
    today = (timezone.now() + OFFSET).date()
    midnight = datetime.combine(today, datetime.min.time(), UTC) - OFFSET
    make_lead(cast.workspace, name="Late Yesterday", created_at=midnight - SECOND)
    make_lead(cast.workspace, name="Early Today", created_at=midnight + SECOND)
    visitor = Visitor(server.base_url, make_user(cast.workspace))
    visitor.session.cookies.set("time_zone", ZONE)

    pages = [
        visitor.get(f"/admin/{cast.workspace.slug}/{page.format(day=today)}") for page in PAGES
    ]

    assert [page.status_code for page in pages] == [200] * len(PAGES)
    assert "Leads 2 came in" in text_of(pages[0]) and ": 1 lead, " in text_of(pages[0])
    for listed in pages[1:3]:
        assert "Early Today" in listed.text and "Late Yesterday" not in listed.text


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends"),
    [
        ("Europe/Kiev", "2026-10-25", "2026-10-24T21:00Z", "2026-10-25T22:00Z"),  # 25 hours
        ("Europe/London", "2026-03-29", "2026-03-29T00:00Z", "2026-03-29T23:00Z"),  # 23 hours
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00Z", "2026-04-24T21:00Z"),  # no midnight
        ("America/Havana", "2026-11-01", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),  # two of them
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00Z", "2026-04-05T13:30Z"),
        ("Asia/Calcutta", "2026-04-05", "2026-04-04T18:30Z", "2026-04-05T18:30Z"),
        ("Asia/Katmandu", "2026-04-05", "2026-04-04T18:15Z", "2026-04-05T18:15Z"),
        ("America/Buenos_Aires", "2026-04-05", "2026-04-05T03:00Z", "2026-04-06T03:00Z"),
        ("Asia/Saigon", "2026-04-05", "2026-04-04T17:00Z", "2026-04-05T17:00Z"),
    ],
)
def test_day_begins_and_ends_at_its_midnights(zone, day, begins, ends):
    workspace = make_workspace()
    day, begin, end = (
        date.fromisoformat(day),
        datetime.fromisoformat(begins),
        datetime.fromisoformat(ends),
    )
    for moment in (begin - SECOND, begin, end - SECOND, end):
        make_lead(workspace, created_at=moment)

    with timezone.override(ZoneInfo(zone)):
        around = Days(Span.CUSTOM, day - timedelta(days=1), day + timedelta(days=1))
        counted = figures.count(workspace, around)
        listed = list(lists.leads(workspace, since=day, until=day))

    assert [bar.leads for bar in counted.chart.bars] == [1, 2, 1]
    assert {lead.created_at for lead in listed} == {begin, end - SECOND}
