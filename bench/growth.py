"""The same requests with 1,000 leads and with 1,000,000: what growth costs.

BENCH_LEADS: another number in the place of the million, for a machine without the time.
"""

import os
import time
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests
from django.test import Client

from bench import seed, stage, walk
from bench.figures import median, percentile, table
from leads.models import Lead
from tests import factories
from workspaces.models import LogEntry, Membership, Role, User

SMALL, LARGE = 1_000, int(os.environ.get("BENCH_LEADS", "1000000"))
TURNS = 60
# How often the list of few leads is walked through beside that of the many.
WALKS = 30
# The parts, orders and filters of the list, and those of the log.
LISTS = (
    *("tab=to_do", "tab=booked", "tab=not_reached", "tab=closed"),
    *("sort=name", "sort=active", "sort=next_call", "sort=next_step", "tab=booked&sort=name"),
    *("status=needs_human", "outcome=busy", "outcome=never", "source=spring", "owner=nobody"),
    *("contact=contacted", "contact=reached", "tests=without", "when=90&contact=reached"),
    *("when=today", "when=30", "next=none", "text=jane", "text=jane.doe0@example.com"),
)
# The days of the overview.
SPANS = ("today", "7", "30", "90", "month")
LOGS = (
    *("kind=tool_call", "outcome=refused", "outcome=problems", "since=2026-01-01", "key=0a1b2c3d"),
    *("text=jane", "text=assistant", "text=zebra"),
)


def measure() -> str:
    """Return the table. Both databases are asked in turns, so that both see the same machine."""
    small = os.environ["DATABASE_URL"]
    workspace = factories.make_workspace(is_paused=True)
    key = factories.make_key(workspace)
    session = _sign_in(workspace)
    seed.fill(small, workspace.pk, leads=SMALL)
    lead = workspace.leads.order_by("created_at")[SMALL // 2]
    stage.close_connections()
    large = _copy_database(small, "bench_large")
    started = time.monotonic()
    seed.fill(large, workspace.pk, leads=LARGE - SMALL, first=SMALL)
    seconds = time.monotonic() - started
    print(f"{LARGE:,} leads and {5 * LARGE:,} log rows were copied in {seconds:.0f} s.\n")
    settings = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "5"}
    _forget_scans(large)
    with stage.Gunicorn(**settings) as few, stage.Gunicorn(DATABASE_URL=large, **settings) as many:
        asked = [Visitor(server.port, key, session) for server in (few, many)]
        pages = _as_table(_run_turns(asked, _actions(workspace.slug, lead)))
        scans = f"Of many, leads or log were read from end to end {_scans(large)} times."
        bases = [visitor.base for visitor in asked]
        return f"{pages}\n\n{scans}\n\n{walk.measure(*bases, key, _all_ids(large), rounds=WALKS)}"


class Visitor:
    """A client of one server, with an API key and a session of the dashboard."""

    def __init__(self, port: int, key: str, session: str):
        self.base = f"http://127.0.0.1:{port}"
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {key}"
        self.http.cookies.set("sessionid", session)

    def ask(self, method: str, path: str, status: int, body) -> float:
        """Send a request. Return its milliseconds; raise RuntimeError at a wrong status."""
        started = time.perf_counter()
        response = self.http.request(
            method, self.base + path, json=body, allow_redirects=False, timeout=60
        )
        milliseconds = (time.perf_counter() - started) * 1000
        if response.status_code != status:
            raise RuntimeError(f"{method} {path} was answered {response.status_code}")
        return milliseconds


def _sign_in(workspace) -> str:
    user = User.objects.create_user("owner@bench.example")
    Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _copy_database(url: str, name: str) -> str:
    """Make a database of the same content on the same server. Return its URL."""
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        template = parts.path.lstrip("/")
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def _forget_scans(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_reset()")


def _scans(url: str) -> int:
    """Return how often the leads or the log of a database were read from one end to the other."""
    tables = [Lead._meta.db_table, LogEntry._meta.db_table]
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname = ANY(%s)", [tables]
        ).fetchone()
    return int(found[0]) if found else 0


def _all_ids(url: str) -> list[str]:
    """Return the ids of all leads of a database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(f"SELECT id FROM {Lead._meta.db_table}")
        return [str(lead_id) for (lead_id,) in rows]


def _actions(slug: str, lead: Lead) -> dict:
    """Return what is measured: method, path, status, and what makes the body."""
    admin = f"/admin/{slug}"

    def page(path: str):
        return ("GET", f"{admin}/{path}", 200, None)

    return {
        "create": ("POST", "/api/public/leads", 201, _body),
        "read": ("GET", f"/api/public/leads/{lead.pk}", 200, None),
        "dedupe hit": ("POST", "/api/public/leads", 409, lambda turn: _body(0, lead.phone)),
        "leads page": page("leads"),
        **{f"leads, {query}": page(f"leads?{query}") for query in LISTS},
        "leads, phone": page(f"leads?text={lead.phone[1:]}"),
        "logs page": page("logs"),
        **{f"logs, {query}": page(f"logs?{query}") for query in LOGS},
        "logs, phone": page(f"logs?text={lead.phone[1:]}"),
        **{f"overview, {span}": page(f"?when={span}") for span in SPANS},
        "lead timeline": page(f"leads/{lead.pk}"),
        "lead in its list": page(f"leads/{lead.pk}?tab=all&sort=name"),
    }


def _body(turn: int, phone: str = "") -> dict:
    return {"name": "Jane Doe", "phone": phone or f"+4477{turn:08d}", "consent": True}


def _run_turns(visitors: list[Visitor], actions: dict) -> dict[str, list[list[float]]]:
    """Return the milliseconds of each action, for each visitor."""
    times = {name: [[] for _ in visitors] for name in actions}
    for turn in range(-5, TURNS):
        for name, (method, path, status, body) in actions.items():
            for visitor, mine in zip(visitors, times[name], strict=True):
                milliseconds = visitor.ask(method, path, status, body and body(turn + 5))
                if turn >= 0:  # the first ones warm up
                    mine.append(milliseconds)
    return times


def _as_table(times: dict[str, list[list[float]]]) -> str:
    rows = []
    for name, (few, many) in times.items():
        ratio = median(many) / median(few)
        slowest = f"{percentile(few, 0.9):.1f} / {percentile(many, 0.9):.1f}"
        rows.append([name, f"{median(few):.1f}", f"{median(many):.1f}", f"{ratio:.2f}", slowest])
    heads = ["what", f"{SMALL:,} leads, ms", f"{LARGE:,} leads, ms", "ratio", "9 of 10 under, ms"]
    return table(heads, rows)
