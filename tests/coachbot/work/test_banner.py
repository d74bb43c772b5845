"""What owners and operators are told of a worker that is away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coachbot.work import heartbeat
from coachbot.work.models import Heartbeat, PeriodicTask
from tests.coachbot.observability.test_metrics import TOKEN, figure, read_metrics
from tests.dashboard import text_of
from tests.factories import make_lead, make_user
from workspaces.models import Role

TABLE = Heartbeat._meta.db_table
METRIC = "coachbot_worker_last_seen_seconds"
OVERDUE = "coachbot_longest_overdue_task_seconds"


@pytest.fixture
def last_seen():
    """Return a function that makes the worker's last heartbeat so many minutes old."""

    def see(minutes: float):
        Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))

    yield see
    heartbeat.write()


@pytest.mark.parametrize("page", ["", "leads", "logs", "settings"])
def test_worker_that_was_away_for_more_than_three_minutes_is_told_on_every_page(
    visit, cast, last_seen, page
):
    visitor = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/{page}"

    last_seen(minutes=2.9)
    assert "The worker has been away" not in visitor.get(path).text

    last_seen(minutes=3.1)
    since = Heartbeat.objects.get().seen_at
    when = f"{since:%a} {since.day} {since:%b}, {since:%H:%M} UTC , 3 minutes ago"
    assert f"The worker has been away since {when}" in text_of(visitor.get(path))


def test_agents_see_it_too_and_who_is_not_signed_in_does_not(visit, cast, last_seen):
    last_seen(minutes=10)

    agent = visit(make_user(cast.workspace, Role.AGENT))
    assert "has to start manage.py work" in text_of(agent.get(f"/admin/{cast.workspace.slug}/"))
    assert "worker" not in visit().get("/sign-in").text


def queries_of(client: Client, path: str, **headers) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=headers).status_code == 200
    return [query["sql"] for query in queries if TABLE in query["sql"]]


def test_banner_costs_one_query_on_a_page_and_none_in_the_api(cast):
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(make_user(cast.workspace))
    lead = make_lead(cast.workspace)
    key = {"Authorization": f"Bearer {cast.key}"}

    assert len(queries_of(client, f"/admin/{cast.workspace.slug}/")) == 1
    assert queries_of(client, f"/api/public/leads/{lead.pk}", **key) == []


def test_metric_tells_how_long_ago_a_worker_was_seen(start_web, last_seen):
    server = start_web(METRICS_TOKEN=TOKEN)

    last_seen(minutes=10)
    assert 600 <= figure(read_metrics(server).text, METRIC) < 660

    heartbeat.write()
    assert 0 <= figure(read_metrics(server).text, METRIC) < 60


def test_metric_tells_how_long_a_task_has_been_due(start_web):
    server = start_web(METRICS_TOKEN=TOKEN)
    assert figure(read_metrics(server).text, OVERDUE) == 0

    for hours in (-1, 1, 2):
        due_at = timezone.now() - timedelta(hours=hours)
        PeriodicTask.objects.create(name=f"due-{hours}", due_at=due_at)

    assert 7200 <= figure(read_metrics(server).text, OVERDUE) < 7260


def test_probes_of_web_processes_do_not_mind(visit, last_seen):
    last_seen(minutes=60)

    assert visit().get("/healthz").status_code == 200
    assert visit().get("/readyz").status_code == 200
