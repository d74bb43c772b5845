"""A thousand leads are put on the do-not-call list at random, by every way, while eight threads
dial: nobody is called after the commit, and nobody else is lost.
"""

import random
import threading
import time
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from leads.calls import due
from leads.contact.do_not_call import opt_outs
from leads.contact.planned import claims, steps
from leads.models import Call, CallStatus, Lead, Step, Way
from tests.factories import make_cast, make_lead, make_phone, make_user
from tests.faults.judge import placed_by_phone
from tests.servers import wait_until
from tests.vapi_messages import Reporter

LEADS, OPTED_OUT, THREADS = 1_000, 500, 8
IN_A_FILE = 10


@pytest.fixture
def cast(sandbox):
    fields = {"daily_call_limit": 100_000, "later_call_hours": "always"}
    return make_cast(sandbox, **fields, calls_a_day_per_lead=20)


class Dialers:
    """Threads that make what is due, as workers do, until they are stopped."""

    def __init__(self):
        self.is_over = threading.Event()
        self.faults = []
        self.threads = [threading.Thread(target=self._dial) for _ in range(THREADS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _dial(self):
        try:
            while not self.is_over.is_set():
                for step_id in claims.claim_due(5):
                    due.make_step.call_local(step_id)
        except Exception as fault:  # shown by the test
            self.faults.append(fault)
        finally:
            connections.close_all()


class Ways:
    """The ways onto the list, each for some leads. After the commit, notes the calls there are."""

    def __init__(self, cast, visitor, reporter):
        self.workspace, self.visitor, self.reporter = cast.workspace, visitor, reporter
        self.base = f"/admin/{cast.workspace.slug}"
        self.begun: dict[str, set] = {}
        self.by_way: Counter = Counter()

    def opt_out(self, leads: list[Lead]) -> None:
        way = random.choice([self.tool, self.page, self.command, self.upload])
        if way == self.upload:
            way(leads)
        else:
            for lead in leads:
                way(lead)
        for lead in leads:
            self.begun[lead.phone] = set(lead.calls.values_list("pk", flat=True))

    def tool(self, lead: Lead) -> None:
        """In a call, which then ends; where there is none yet, by the page."""
        call = lead.calls.filter(status=CallStatus.IN_PROGRESS).first()
        if call is None:
            return self.page(lead)
        of_vapi = {"id": call.vapi_call_id}
        self.reporter.ask(of_vapi, "optOut", {"reason": "No more calls."})
        self.reporter.status(of_vapi, "ended", endedReason="customer-ended-call")
        self.by_way[Way.ASSISTANT] += 1

    def page(self, lead: Lead) -> None:
        answer = self.visitor.post(f"{self.base}/leads/{lead.pk}/do-not-call")
        assert answer.status_code == 302
        self.by_way[Way.PAGE] += 1

    def command(self, lead: Lead) -> None:
        call_command("do_not_call", self.workspace.slug, "add", lead.phone)
        self.by_way[Way.COMMAND] += 1

    def upload(self, leads: list[Lead]) -> None:
        data = "\n".join(["phone", *(lead.phone for lead in leads)]).encode()
        answer = self.visitor.ask(
            "POST", f"{self.base}/do-not-call/upload", files={"upload-file": ("list.csv", data)}
        )
        assert answer.status_code == 302
        self.by_way[Way.UPLOAD] += len(leads)


def test_nobody_is_called_after_they_are_put_on_the_list(cast, web, visit, settings, providers):
    for name, value in providers.items():
        setattr(settings, name, value)
    leads = [make_lead(cast.workspace, phone=make_phone()) for _ in range(LEADS)]
    now = timezone.now()
    Step.objects.bulk_create(
        Step(workspace=cast.workspace, lead=lead, kind="attempt", due_at=now) for lead in leads
    )
    wanted = random.sample(leads, OPTED_OUT)
    ways = Ways(cast, visit(make_user(cast.workspace)), Reporter(web.base_url, cast.workspace))

    with Dialers() as dialers:
        for start in range(0, OPTED_OUT, IN_A_FILE):
            ways.opt_out(wanted[start : start + IN_A_FILE])
            time.sleep(random.uniform(0, 0.05))  # anywhere in what they do
        wait_until(lambda: not steps_left(cast), "every step to come to something", 180)
        plan_again(wanted)  # whoever is listed is not called later either
        wait_until(lambda: not steps_left(cast), "these to be dropped", 180)

    late = Call.objects.filter(lead__in=wanted).exclude(
        pk__in=[pk for begun in ways.begun.values() for pk in begun]
    )
    assert dialers.faults == []
    assert list(late) == []
    assert all(opt_outs.is_listed(cast.workspace.pk, lead.phone) for lead in wanted)
    others = [lead.phone for lead in leads if lead not in wanted]
    placed = placed_by_phone(cast)
    assert {phone: placed[phone] for phone in others} == dict.fromkeys(others, 1)
    assert set(ways.by_way) == {Way.ASSISTANT, Way.PAGE, Way.COMMAND, Way.UPLOAD}


def steps_left(cast) -> bool:
    return cast.workspace.steps.planned().exists()


def plan_again(leads: list[Lead]) -> None:
    for lead in leads:
        steps.plan(lead, "attempt", timezone.now())
