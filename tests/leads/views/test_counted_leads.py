"""Each figure of the overview opens the list of the leads that it counts, of just these."""

import html
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from leads.reading.overview import received
from tests.dashboard import text_of
from tests.factories import make_lead, make_user, make_workspace

NOW = timezone.now()
DAY = timedelta(days=1)
SOURCES = ("", "google", " a space ", "Über & <b>Ça</b>", "x" * 200, "100%", "%E2%80%93+1")


@pytest.fixture
def lived_in(cast):
    """A workspace that calls its leads."""
    return live_in(cast.workspace)


def live_in(workspace):
    """Make leads of which each figure counts others, and some that no figure counts."""
    for place in range(60):
        at = NOW - place * timedelta(hours=30)
        source = SOURCES[place % 7] if place % 3 else "google"
        make_lead(
            workspace,
            created_at=at,
            status=("new", "in_conversation", "booked", "unqualified", "needs_human")[place % 5],
            first_contact_at=at + DAY if place % 4 else None,
            reached_at=at if place % 3 == 1 else None,
            metadata={"utm_source": source} if source else {},
            **({"closed_as": "won", "closed_at": NOW} if place % 7 == 0 else {}),
        )
    make_lead(workspace, is_test=True, status="booked", reached_at=NOW, first_contact_at=NOW)
    make_lead(workspace, accepted_at=None)
    make_lead(make_workspace())
    return workspace


def figures_of(page) -> dict[str, int]:
    """Return the number that each link to the list of leads is about."""
    links = re.findall(r'<a[^>]*href="([^"]*/leads\?[^"]*tests=[^"]*)"[^>]*>(.*?)</a>', page.text)
    told = {html.unescape(path): re.sub(r"<[^>]+>", " ", words) for path, words in links}
    # A length of time is that of leads, of whom it does not say how many there are.
    numbers = {
        path: words for path, words in told.items() if not re.search(r"\d (s|min|h|d)\b", words)
    }
    return {path: int(number_in(words)) for path, words in numbers.items()}


def number_in(words: str) -> str:
    """Return the number of leads: `21 of 50 leads`, `Thu 26 Nov: 3 leads, 1 reached`, `7`."""
    found = re.search(r"(\d+) (?:of|leads?)\b", words) or re.search(r"(\d+)", words)
    return found[1]


@pytest.fixture
def insider(lived_in):
    """Return who looks at pages inside this process, where a test sets how many are counted."""
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(make_user(lived_in))
    return Insider(client)


@pytest.mark.parametrize("when", ["7", "90", "yesterday"])
def test_each_figure_opens_just_the_leads_that_it_counts(lived_in, visit, when):
    visitor = visit(make_user(lived_in))

    told = figures_of(visitor.get(f"/admin/{lived_in.slug}/", when=when))

    assert len(told) > {"7": 20, "90": 40, "yesterday": 8}[when]
    assert {path: listed(visitor, path) for path in told} == told


def test_each_figure_of_too_many_leads_opens_those_of_whole_days(lived_in, insider, monkeypatch):
    for place in range(6):
        make_lead(lived_in, created_at=NOW - 9 * DAY, reached_at=NOW if place % 2 else None)
    monkeypatch.setattr(received, "MOST_COUNTED", 10)

    page = insider.get(f"/admin/{lived_in.slug}/?when=30")
    told = figures_of(page)

    assert "these are all since" in text_of(page)
    assert {path: listed(insider, path) for path in told} == told
    everyone = next(iter(told))
    assert "since=" in everyone and "when=" not in everyone
    assert 5 <= told[everyone] < 10


def test_figures_that_no_list_has_open_none(lived_in, insider, monkeypatch):
    for _ in range(9):
        make_lead(lived_in, created_at=NOW - timedelta(minutes=1), reached_at=NOW)
    monkeypatch.setattr(received, "MOST_COUNTED", 8)

    page = insider.get(f"/admin/{lived_in.slug}/?when=30")

    assert "these are the newest 8, since" in text_of(page)
    assert "Leads 8 came in" in text_of(page) and figures_of(page) == {}


class Insider:
    """What the functions of this file need of a visitor, of a client inside this process."""

    def __init__(self, client):
        self.client = client

    def get(self, path: str):
        response = self.client.get(path)
        return SimpleNamespace(text=response.content.decode())


def listed(visitor, path: str) -> int:
    """Return how many leads the list says it has."""
    text = text_of(visitor.get(path))
    found = re.search(r"(\d+) leads? ", text[text.index("Closed") :])
    return int(found[1]) if found and "No lead fits" not in text else 0


def test_each_figure_of_leads_that_are_written_to_opens_these_too(visit):
    workspace = live_in(make_workspace(channel="whatsapp"))
    visitor = visit(make_user(workspace))
    page = visitor.get(f"/admin/{workspace.slug}/", when="90")

    told = figures_of(page)

    assert len(told) > 40
    assert {path: listed(visitor, path) for path in told} == told
    assert speed_is_of_its_list(visitor, page, "messages")


def test_speed_opens_the_leads_whose_phone_rang(lived_in, visit):
    visitor = visit(make_user(lived_in))
    page = visitor.get(f"/admin/{lived_in.slug}/", when="90")

    assert speed_is_of_its_list(visitor, page, "calls")


def speed_is_of_its_list(visitor, page, what: str) -> bool:
    """Tell whether the median is of as many leads as its link opens."""
    number = re.search(rf"of the first {what} to (\d+) leads", text_of(page))[1]
    [link] = set(re.findall(r'class="plain-link" href="([^"]+)"', page.text))

    return listed(visitor, html.unescape(link)) == int(number) == 45
