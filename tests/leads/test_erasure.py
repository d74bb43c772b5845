"""Erasing people: what is left of a deleted lead, and what retention takes."""

import json
from datetime import date, timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from leads import erasure
from leads.erasure import erase_leads
from leads.models import Activity, Call, Lead
from tests.client import Api
from tests.command_line import manage
from tests.factories import (
    make_cast,
    make_lead,
    make_phone,
    make_refused,
    make_user,
    make_workspace,
)
from workspaces.models import LogEntry

PERSON = {"name": "Zebulon Quartermain", "email": "zebulon@quartermain.example"}


def everything_stored_of(workspace) -> str:
    """Return all rows of a workspace's leads, calls and log as text."""
    activities = Activity.objects.filter(lead__workspace=workspace)
    refused = workspace.refused_submissions.all()
    tables = [
        workspace.leads.all(),
        workspace.calls.all(),
        workspace.log.all(),
        activities,
        refused,
    ]
    return "".join(serializers.serialize("json", rows) for rows in tables)


def test_nothing_of_a_person_is_left_after_erasure(api, cast):
    phone = make_phone(ending="80")  # refused first: that attempt's lead is rolled back
    assert api.submit(phone=phone, **PERSON).status_code == 502
    lead_id = api.submit(phone=phone, goal="quit smoking", **PERSON).json()["leadId"]
    assert api.submit(phone=phone, **PERSON).status_code == 409
    assert "Quartermain" in everything_stored_of(cast.workspace)

    erase_leads(cast.workspace, [Lead.objects.get(pk=lead_id).pk])

    left = everything_stored_of(cast.workspace)
    for trace in (phone, *PERSON.values(), "quit smoking"):
        assert trace not in left
    assert not Call.objects.filter(workspace=cast.workspace).exists()


def test_what_members_wrote_goes_with_the_lead(visit, cast):
    lead, visitor = make_lead(cast.workspace), visit(make_user(cast.workspace))
    page, tomorrow = f"/admin/{cast.workspace.slug}/leads/{lead.pk}", date.today() + timedelta(2)
    visitor.post(f"{page}/notes", text="Her dog is called Xenophon")
    visitor.post(f"{page}/next-step", text="Ask after Xenophon", on=str(tomorrow))
    visitor.post(f"{page}/close", closed_as="lost", reason="Xenophon ran away")
    assert everything_stored_of(cast.workspace).count("Xenophon") == 3

    erase_leads(cast.workspace, [lead.pk])

    assert "Xenophon" not in everything_stored_of(cast.workspace)
    assert not Activity.objects.filter(lead=lead.pk).exists()


def test_attempts_with_another_spelling_of_the_phone_are_forgotten_too(web, sandbox):
    cast = make_cast(sandbox, default_country="GB")
    refused = Api(web.base_url, cast.key).submit(phone="020 7946 0041", **PERSON)
    lead = make_lead(cast.workspace, phone="+4402079460041")

    erase_leads(cast.workspace, [lead.pk])

    left = everything_stored_of(cast.workspace)
    assert refused.status_code == 502
    assert "7946 0041" not in left and "Quartermain" not in left


def test_rows_of_the_log_stay_and_still_say_how_it_ended(api, cast):
    lead_id = api.submit().json()["leadId"]
    before = cast.workspace.log.count()

    erase_leads(cast.workspace, [lead_id])

    rows = cast.workspace.log.filter(lead_id=lead_id)
    assert cast.workspace.log.count() == before
    assert {(row.outcome, json.dumps(row.request)) for row in rows} == {("succeeded", "null")}


def test_erased_phone_is_accepted_again(api, cast):
    phone = make_phone()
    lead_id = api.submit(phone=phone).json()["leadId"]

    erase_leads(cast.workspace, [lead_id])

    assert api.submit(phone=phone).status_code == 201


def test_another_workspace_erases_nothing(cast):
    lead = make_lead(cast.workspace)

    gone, _ = erase_leads(make_workspace(), [lead.pk])

    assert gone == []
    assert Lead.objects.filter(pk=lead.pk).exists()


@pytest.fixture
def aged():
    """A workspace that keeps 30 days, with a lead and a log row on either side of that."""
    workspace = make_workspace(retention_days=30)
    for days in (31, 29):
        made = timezone.now() - timedelta(days=days)
        make_lead(workspace, name=f"{days} days", created_at=made)
        LogEntry.objects.create(
            workspace=workspace,
            created_at=made,
            kind="api_request",
            action=f"{days} days",
            outcome="succeeded",
        )
    return workspace


def apply_retention() -> str:
    done = manage("apply_retention")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_retention_takes_what_is_older_and_keeps_the_rest(aged):
    printed = apply_retention()

    assert f"{aged.slug}: 1 leads and 1 log rows erased." in printed
    assert [lead.name for lead in aged.leads.all()] == ["29 days"]
    assert [row.action for row in aged.log.all()] == ["29 days"]


def test_retention_twice_is_once(aged):
    apply_retention()

    assert f"{aged.slug}: 0 leads and 0 log rows erased." in apply_retention()


def test_workspace_without_retention_keeps_everything():
    workspace = make_workspace(retention_days=None)
    make_lead(workspace, created_at=timezone.now() - timedelta(days=3650))

    apply_retention()

    assert workspace.leads.count() == 1


def ages_of(rows) -> set[int]:
    return {(timezone.now() - row.created_at).days for row in rows}


@pytest.mark.parametrize(
    ("retention_days", "log_retention_days", "leads", "rows"),
    [
        (None, 90, {31, 100}, {31}),
        (None, None, {31, 100}, {31, 100}),
        (365, 30, {31, 100}, set()),
        (90, 365, {31}, {31}),  # with the leads of their time
    ],
)
def test_log_rows_have_an_age_of_their_own(retention_days, log_retention_days, leads, rows):
    workspace = make_workspace(retention_days=retention_days, log_retention_days=log_retention_days)
    for days in (31, 100):
        made = timezone.now() - timedelta(days=days)
        make_lead(workspace, created_at=made)
        row = {"kind": "api_request", "action": "GET", "outcome": "succeeded"}
        LogEntry.objects.create(workspace=workspace, created_at=made, **row)

    erasure.apply_retention(workspace, timezone.now())

    assert ages_of(workspace.leads.all()) == leads
    assert ages_of(workspace.log.all()) == rows


def test_new_workspace_keeps_its_log_for_90_days():
    assert make_workspace().log_retention_days == 90


@pytest.mark.parametrize(
    ("retention_days", "log_retention_days", "left"),
    [(None, 90, {31}), (30, None, set()), (365, 30, set()), (None, None, {31, 100})],
)
def test_refused_submissions_go_with_the_log_rows_of_their_time(
    retention_days, log_retention_days, left
):
    workspace = make_workspace(retention_days=retention_days, log_retention_days=log_retention_days)
    for days in (31, 100):
        make_refused(workspace, created_at=timezone.now() - timedelta(days=days))

    erasure.apply_retention(workspace, timezone.now())

    assert ages_of(workspace.refused_submissions.all()) == left
