"""Exports with readers that are slow, that take nothing, and that lose their connection."""

import csv
import importlib
import io
import socket
import time
from urllib.parse import urlencode

import pytest
import requests
from django.apps import apps

from leads.models import Lead
from tests.client import Api
from tests.dashboard import Visitor, session_key, text_of
from tests.factories import make_call, make_cast, make_lead, make_phone, make_user
from tests.servers import ForkedWebServer, wait_until
from workspaces.log import record
from workspaces.log.actions import Action

READERS = 8
# More than the kernel keeps for a reader that takes nothing.
LARGE = 6_000_000


@pytest.fixture(scope="module")
def server(providers):
    """A process with few connections to the database."""
    running = ForkedWebServer(
        **providers,
        WEB_CONCURRENCY="1",
        DATABASE_POOL_SIZE="2",
        EXPORTS_AT_ONCE=str(2 * READERS),  # one workspace has half of them
        WEB_SEND_TIMEOUT="4",
        PUBLIC_API_RATE_LIMITS="1000/m",
    ).start()
    yield running
    running.kill()


def make_large_workspace(sandbox):
    """Return a cast whose export is large, and the newest of its leads, whose page is."""
    cast = make_cast(sandbox)
    row = make_lead(cast.workspace)
    fields = {name: getattr(row, name) for name in ("workspace", "channel", "name", "consent_at")}
    Lead.objects.bulk_create(
        Lead(
            **fields, phone=make_phone(), accepted_at=row.accepted_at, metadata={"x": "y" * 15_000}
        )
        for _ in range(LARGE // 15_000)
    )
    lead = make_lead(cast.workspace)
    make_call(lead, transcript="z" * LARGE)
    return cast, lead


def ask_and_take_nothing(server, user, path: str) -> socket.socket:
    """Send a request and read the head of its answer at most."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", server.port))
    reader.settimeout(30)
    cookie = f"sessionid={session_key(user)}"
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    assert reader.recv(15) == b"HTTP/1.1 200 OK"
    return reader


def seconds_of(ask) -> float:
    began = time.monotonic()
    assert ask().status_code == 200
    return time.monotonic() - began


def test_readers_that_take_nothing_hold_no_connection_and_are_cut_off(server, sandbox):
    cast, lead = make_large_workspace(sandbox)
    user, api = make_user(cast.workspace), Api(server.base_url, cast.key)
    export = f"/admin/{cast.workspace.slug}/leads/export"
    other = make_lead(cast.workspace)
    paths = [export] * READERS + [f"/admin/{cast.workspace.slug}/leads/{lead.pk}"] * 2

    readers = [ask_and_take_nothing(server, user, path) for path in paths]
    took = [seconds_of(lambda: api.read(str(other.pk))) for _ in range(10)]
    refused = Visitor(server.base_url, user).get(export)

    assert max(took) < 2.5
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert "try again shortly" in text_of(refused)
    wait_until(lambda: server.output().count("Cut off a reader") == len(paths), "their end", 20)
    assert Visitor(server.base_url, user).get(export, until="2020-01-01").status_code == 200
    for reader in readers:
        reader.close()


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_export_that_broke_off_is_seen_and_goes_on_after_its_last_line(cast, visit):
    for number in range(5):
        make_lead(cast.workspace, name=f"Booked {number}", status="booked")
    visitor, path = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}/leads"
    heading, *whole, end = rows_of(visitor.get(f"{path}/export", status="booked"))

    kept = whole[:3]
    rest = rows_of(visitor.get(f"{path}/export", status="booked", after=kept[-1][0]))

    assert end == ["End of the export. Leads in this file: 5"]
    assert rest == [heading, *whole[3:], ["End of the export. Leads in this file: 2"]]
    assert "An export broke off, or is for a program?" in visitor.get(path).text


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_export_after_an_unknown_lead_says_what_to_do(cast, visit, after):
    make_lead(cast.workspace)
    visitor, path = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}/leads"

    answer = visitor.get(f"{path}/export", after=after)

    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "take it from the line before" in text_of(visitor.get(path))


def test_lead_of_another_workspace_is_unknown(cast, visit, sandbox):
    stranger = make_lead(make_cast(sandbox).workspace)
    path = f"/admin/{cast.workspace.slug}/leads/export"

    assert visit(make_user(cast.workspace)).get(path, after=str(stranger.pk)).status_code == 302


def test_searched_text_is_in_no_row_of_the_log_and_no_line(web, cast, visit):
    visitor, path = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}/leads"
    made_up = {"text": "Zebulon", "status": "booked", "name": "Quartermain"}

    visitor.get(f"{path}/export", **made_up)
    visitor.get(path, **made_up)
    requests.get(f"{web.base_url}{path}?{urlencode(made_up)}", timeout=30)

    [row] = cast.workspace.log.filter(code="leads.export")
    assert row.request["filters"] == {"status": "booked"} and row.request["is_search"] is True
    assert "Zebulon" not in web.output() and "Quartermain" not in web.output()


def test_many_line_breaks_make_an_export_no_slower(cast, visit):
    for _ in range(20):
        make_lead(cast.workspace, goal="\n" * 1_998 + "x")

    answer = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/export")

    assert answer.elapsed.total_seconds() < 2


def test_migration_takes_searched_texts_out_of_earlier_rows(cast):
    filters = {"text": "Zebulon", "status": "booked", "until": "", "x": "Quartermain"}
    record.action(
        workspace_id=cast.workspace.pk, actor=None, action=Action.EXPORT_LEADS, filters=filters
    )

    importlib.import_module("workspaces.migrations.0013_searched_texts").take_texts_out(apps, None)

    [row] = cast.workspace.log.filter(code="leads.export")
    assert row.request == {"by": "the command line", "filters": {"status": "booked"}}
