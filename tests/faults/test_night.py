"""Leads that write in at 03:00 where they are: nobody is called before the hours open, and from
then on all of them are, over the death of the worker.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.models import HeldBecause
from tests.client import Api
from tests.factories import make_cast, make_phone
from tests.faults.conftest import QUICK
from tests.faults.judge import placed_by_phone
from tests.servers import wait_until
from tests.workers import Worker
from workspaces.settings import administration

pytestmark = pytest.mark.on_sqlite_too

LEADS = 200
OFFICE = "mon-sun 09:00-20:00"


def where_it_is_three() -> tuple[str, timedelta]:
    """Return a zone in which it is three in the night now, and how far it is from UTC."""
    hours = (3 - datetime.now(UTC).hour) % 24
    hours -= 24 if hours > 14 else 0
    # The signs of these names are the other way round.
    return f"Etc/GMT{-hours:+d}", timedelta(hours=hours)


@pytest.fixture
def worker(providers):
    running = Worker(**QUICK, **providers)
    yield running
    if running.starts:
        running.kill()


def let_worker_look(times: int) -> None:
    """Wait until the worker has looked for due steps so many times."""
    task = PeriodicTask.objects.filter(name="steps")
    for _ in range(times):
        before = task.get().due_at
        wait_until(lambda before=before: task.get().due_at > before, "the worker to look", 60)


def test_two_hundred_leads_at_three_in_the_night(web, sandbox, worker):
    zone, offset = where_it_is_three()
    cast = make_cast(sandbox, first_call_hours=OFFICE, daily_call_limit=1000)
    api, phones = Api(web.base_url, cast.key), [make_phone() for _ in range(LEADS)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda phone: api.submit(phone=phone, timezone=zone), phones))
    worker.start()
    let_worker_look(3)

    assert {answer.json()["callQueued"] for answer in answers} == {False}
    steps = cast.workspace.steps.planned()
    opens = {(step.due_at + offset).strftime("%H:%M") for step in steps}
    assert (opens, cast.placed()) == ({"09:00"}, [])

    opening = begin_of_minute(timezone.now() + timedelta(seconds=90))
    there = (opening + offset).strftime("%H:%M")
    administration.change_settings(
        workspace=cast.workspace, by=None, first_call_hours=f"mon-sun {there}-24:00"
    )
    wait_until(lambda: steps.filter(due_at=opening).count() == LEADS, "the new opening", 60)
    held = set(steps.values_list("held_because", flat=True))
    assert (held, cast.placed()) == ({HeldBecause.CALLING_HOURS}, [])
    wait_until(lambda: len(cast.placed()) > LEADS // 10, "the first calls", 120)
    worker.kill()
    worker.start()
    wait_until(lambda: is_all_made(cast), "all of them to be called", 180)

    assert placed_by_phone(cast) == dict.fromkeys(phones, 1)
    assert min(cast.workspace.calls.values_list("created_at", flat=True)) >= opening


def begin_of_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def is_all_made(cast) -> bool:
    is_planned = cast.workspace.steps.planned().exists()
    return not is_planned and not cast.workspace.calls.dialing().exists()
