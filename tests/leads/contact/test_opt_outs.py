"""The do-not-call list: who is on it is not contacted, by any way in, and the list says nothing."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from leads.contact.do_not_call import opt_outs
from leads.models import Call, Lead, OptOut, Way
from tests.client import Api
from tests.factories import make_cast, make_lead, make_phone, make_user, make_workspace
from workspaces.models import Role


def listed(workspace, *numbers):
    return opt_outs.add(workspace, numbers, way=Way.COMMAND)


def test_a_listed_phone_is_saved_and_not_called(api, cast):
    phone = make_phone()
    listed(cast.workspace, phone)

    answer = api.submit(phone=phone)

    assert (answer.status_code, answer.json()["callQueued"]) == (201, False)
    assert Lead.objects.get(pk=answer.json()["leadId"]).held_because == "do_not_call"
    assert not cast.placed()


def test_another_workspace_is_not_touched(web, sandbox):
    ours, theirs = make_cast(sandbox), make_cast(sandbox)
    phone = make_phone()
    listed(ours.workspace, phone)

    answer = Api(web.base_url, theirs.key).submit(phone=phone)

    assert answer.json()["callQueued"] is True


def test_the_list_stands_after_the_lead_is_erased(api, cast, visit):
    lead = make_lead(cast.workspace)
    listed(cast.workspace, lead.phone)
    visitor = visit(make_user(cast.workspace))
    visitor.post(f"/admin/{cast.workspace.slug}/leads/delete", lead=str(lead.pk))

    answer = api.submit(phone=lead.phone)

    assert answer.json()["callQueued"] is False


@pytest.mark.parametrize(
    "written, asked",
    [
        ("+442079460958", "+44 (0)20 7946 0958"),
        ("+5215512345678", "+525512345678"),
        ("+525512345678", "+5215512345678"),
        ("+5491123456789", "+541123456789"),
        ("+541123456789", "+5491123456789"),
        ("+5511961234567", "+551161234567"),
        ("+551161234567", "+5511961234567"),
        ("+390612345678", "+39 06 1234 5678"),
    ],
)
def test_a_number_is_found_in_every_spelling(written, asked):
    workspace = make_workspace()
    [number], _ = opt_outs.read([written], country="")
    listed(workspace, number)

    [other], _ = opt_outs.read([asked], country="")

    assert opt_outs.is_listed(workspace.pk, other)


def test_a_number_that_was_taken_off_may_be_called(api, cast):
    phone = make_phone()
    listed(cast.workspace, phone)
    opt_outs.remove(cast.workspace, [phone])

    answer = api.submit(phone=phone)

    assert answer.json()["callQueued"] is True


def test_the_agent_puts_a_lead_on_the_list(api, cast, reporter):
    lead_id = api.submit().json()["leadId"]

    reply = reporter.ask(cast.placed()[0], "optOut", {"reason": "Leave me alone."})

    lead = Lead.objects.get(pk=lead_id)
    assert "Say that nobody" in reply
    assert opt_outs.is_listed(cast.workspace.pk, lead.phone)
    assert cast.workspace.opt_outs.get().way == Way.ASSISTANT
    assert lead.held_because == "do_not_call"


def test_a_member_cannot_call_who_is_listed(cast, visit):
    lead = make_lead(cast.workspace)
    visitor = visit(make_user(cast.workspace, Role.AGENT))
    page = f"/admin/{cast.workspace.slug}/leads/{lead.pk}"
    visitor.post(f"{page}/do-not-call")

    visitor.post(f"{page}/call-again")

    told = visitor.get(page).text
    assert not cast.placed()
    assert "on the do-not-call list, so nobody is called" in told
    assert cast.workspace.opt_outs.get().way == Way.PAGE


def test_ten_thousand_numbers_are_entered_on_the_page(cast, visit):
    numbers = [f"+4479{number:08d}"[:13] for number in range(10_000_000, 10_010_000)]
    visitor = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/do-not-call"

    visitor.post(f"{path}/add", phones="\n".join(numbers))

    assert "10000 numbers are added." in visitor.get(path).text
    assert opt_outs.is_listed(cast.workspace.pk, numbers[-1])


def test_lines_that_are_no_number_are_named_and_nothing_is_lost(cast, visit):
    visitor = visit(make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/do-not-call"

    answer = visitor.post(f"{path}/add", phones="+447912345678\nnonsense")

    assert "1 of 2 lines are no phone number: nonsense." in answer.text
    assert "+447912345678" in answer.text
    assert not cast.workspace.opt_outs.exists()


def test_no_row_holds_a_number_that_is_listed():
    workspace = make_workspace()
    phone = make_phone()
    listed(workspace, phone)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {OptOut._meta.db_table}")
        held = repr(cursor.fetchall())

    assert phone.removeprefix("+44") not in held


def test_nobody_is_called_after_they_are_put_on_the_list(web, sandbox):
    cast = make_cast(sandbox)
    api = Api(web.base_url, cast.key)
    late = []

    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            phone = make_phone()
            answer = pool.submit(api.submit, phone=phone)
            time.sleep(random.uniform(0, 0.06))  # anywhere in what it does
            listed(cast.workspace, phone)
            begun = set(Call.objects.filter(lead__phone=phone).values_list("pk", flat=True))
            assert answer.result().status_code == 201
            calls = Call.objects.filter(lead__phone=phone).exclude(pk__in=begun)
            late += calls.values_list("pk", flat=True)

    assert not late
