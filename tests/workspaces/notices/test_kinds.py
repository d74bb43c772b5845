"""Each kind of notice: told once, of what it is, to whom it is of use."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from coachbot.work import heartbeat
from coachbot.work.models import Heartbeat
from leads import notices, status, watching
from leads.contact import breaker
from leads.contact.planned import follow_up
from leads.intake import later
from leads.intake.submission import Origin, Submission
from leads.models import BookingStatus, DailyCount, LeadStatus, StatusReason
from tests.factories import make_call, make_lead, make_user, make_workspace
from workspaces.models import LogKind, Notice, NoticeKind, Role
from workspaces.notices import recording

START = datetime(2026, 12, 1, 15, tzinfo=UTC)


def told(workspace) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(workspace=workspace).order_by("id")
    return list(rows.values_list("kind", "text"))


def test_lead_that_needs_a_person_is_told_with_the_reason(workspace):
    lead = make_lead(workspace)

    status.move(lead.pk, StatusReason.AGENT_ESCALATED, notes="She said: call me at 5.")
    status.move(lead.pk, StatusReason.AGENT_ESCALATED)

    text = "Jane Doe needs a person. The agent asked for a person."
    assert told(workspace) == [(NoticeKind.NEEDS_HUMAN, text)]
    assert Notice.objects.get(workspace=workspace).path == f"leads/{lead.pk}"


def test_lead_that_needs_a_person_again_is_another_state(workspace):
    lead = make_lead(workspace)

    for _ in range(2):
        status.move(lead.pk, StatusReason.AGENT_ESCALATED)
        lead.refresh_from_db()
        status.hand_back(lead, was_reached=True)

    assert len(told(workspace)) == 2


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({}, StatusReason.TAKEN_OVER),  # by a person
        ({}, StatusReason.DOES_NOT_QUALIFY),
        ({"is_test": True}, StatusReason.AGENT_ESCALATED),
    ],
)
def test_nobody_is_told_what_they_did_themselves_or_need_not_know(workspace, fields, because):
    status.move(make_lead(workspace, **fields).pk, because)

    assert told(workspace) == []


def test_what_is_undone_is_not_told(workspace):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        status.move(make_lead(workspace).pk, StatusReason.AGENT_ESCALATED)
        1 / 0  # noqa: B018

    assert told(workspace) == []


def change(lead, *, start, uid="b1", old_status=BookingStatus.OPEN, old_start=None):
    notices.booking_changed(lead, uid, start, old_status=old_status, old_start=old_start)


def test_appointment_is_told_in_the_zone_of_the_workspace(workspace):
    workspace.time_zone = "Europe/London"
    workspace.save()
    lead, later_on = make_lead(workspace), START + timedelta(days=210)

    change(lead, start=START)
    change(lead, start=START)
    change(lead, start=later_on, uid="b2", old_status=BookingStatus.MADE, old_start=START)

    booked = "Jane Doe has an appointment on Tue 1 Dec 2026, 15:00 (Europe/London)."
    moved = "The appointment of Jane Doe is moved to Tue 29 Jun 2027, 16:00 (Europe/London)."
    assert told(workspace) == [
        (NoticeKind.BOOKED, booked),
        (NoticeKind.BOOKING_MOVED, moved),
    ]


def test_appointment_that_the_host_confirms_was_told_before(workspace):
    lead = make_lead(workspace)

    change(lead, start=START, old_status=BookingStatus.REQUESTED, old_start=START)

    assert told(workspace) == []


def test_lead_that_writes_again_is_told_without_what_it_wrote(workspace):
    lead = make_lead(workspace)
    again = Submission(name="Jane Doe", phone=lead.phone, goal="My secret is out")

    for _ in range(2):
        later.keep_news(lead, again, Origin(source="api_key:test", address=None, request_id="x"))

    assert told(workspace) == [(NoticeKind.WROTE_AGAIN, "Jane Doe wrote again.")]


def test_lead_that_was_not_reached_is_told_when_its_plan_is_over():
    workspace = make_workspace(follow_up_plan="1h")
    lead = make_lead(workspace)
    for _ in range(2):
        call = make_call(lead, ended_reason="customer-did-not-answer")
        follow_up.after_call(lead, call, was_reached=False)

    text = "Jane Doe was not reached: the last attempt of the plan is over."
    assert told(workspace) == [(NoticeKind.UNREACHED, text)]


def test_account_that_fails_is_told_once_and_again_when_it_works(workspace):
    for _ in range(5):
        breaker.note_refusal(workspace.pk, "vapi.no_balance")
    workspace.refresh_from_db()
    breaker.note_placed(make_call(make_lead(workspace)))

    [held, again] = told(workspace)
    assert held[0] == again[0] == NoticeKind.AGENT_TROUBLE
    assert held[1].startswith("What is planned with leads is held. ")
    assert again[1] == "The account works again: what is planned with leads goes on."


def test_events_that_do_not_arrive_are_told_once_until_they_were_there_for_a_while(cast):
    lead = make_lead(cast.workspace)
    call = make_call(lead, vapi_call_id="call-1", created_at=timezone.now() - timedelta(hours=1))
    cast.workspace.log.create(
        kind=LogKind.ALERT, action="x", outcome="failed", created_at=timezone.now()
    )

    for _ in range(3):
        watching.look_at(cast.workspace)
    call.delete()
    watching.look_at(cast.workspace)
    again = make_call(lead, vapi_call_id="call-2", created_at=timezone.now() - timedelta(hours=1))
    watching.look_at(cast.workspace)

    [(kind, text)] = told(cast.workspace)
    assert kind == NoticeKind.AGENT_TROUBLE
    assert text.startswith("Vapi has told nothing of 1 call: it does not know where to send")
    again.delete()
    cast.workspace.open_troubles.update(seen_at=timezone.now() - timedelta(hours=2))
    watching.look_at(cast.workspace)
    assert not cast.workspace.open_troubles.exists()


def test_each_workspace_is_looked_at_once_in_all_parts(cast, monkeypatch):
    looked_at = []
    monkeypatch.setattr(watching, "look_at", looked_at.append)
    now = timezone.now()
    cast.workspace.log.create(kind=LogKind.ALERT, action="x", outcome="failed", created_at=now)

    for part in range(watching.PARTS):
        watching.look_for_troubles(part)

    assert [found.pk for found in looked_at].count(cast.workspace.pk) == 1


def test_calendar_that_is_missing_is_told(cast):
    reason = StatusReason.CALENDAR_NOT_CONNECTED
    make_lead(cast.workspace, status=LeadStatus.NEEDS_HUMAN, status_reason=reason)

    watching.look_at(cast.workspace)

    text = "1 lead could not be booked: Cal.com is not connected."
    assert told(cast.workspace) == [(NoticeKind.AGENT_TROUBLE, text)]


def test_worker_that_was_away_is_told_once_it_is_back(workspace):
    away = timezone.now() - timedelta(hours=2)
    type(workspace).objects.filter(pk=workspace.pk).update(created_at=away - timedelta(days=1))
    young = make_workspace()
    Heartbeat.objects.update(seen_at=away, missed_since=None)

    for _ in range(2):
        heartbeat.write()
        watching.look_for_absence()

    [(kind, text)] = told(workspace)
    assert kind == NoticeKind.AGENT_TROUBLE
    assert text.startswith(f"The worker was away since {notices.said(away, workspace)}.")
    assert told(young) == []


def test_limit_is_told_at_eighty_per_cent_once_a_day():
    workspace = make_workspace(daily_call_limit=10)
    today = timezone.now().astimezone(UTC).date()
    row = DailyCount.objects.create(workspace=workspace, day=today, calls=7)
    watching.look_at_limits()
    assert told(workspace) == []

    for calls in (8, 9):
        DailyCount.objects.filter(pk=row.pk).update(calls=calls)
        watching.look_at_limits()

    [(kind, text)] = told(workspace)
    assert (kind, text[:34]) == (NoticeKind.LIMIT_NEAR, "8 of 10 calls of the day are used.")


def test_endpoint_that_is_off_is_told_once_for_each_time(workspace, owner, people):
    for _ in range(2):
        recording.endpoint_off(
            workspace.pk, endpoint="7", text="CRM gets no more events.", at=START, path="webhooks/7"
        )

    [mail] = people.mails_to(owner)

    assert mail["Subject"].startswith("CRM gets no more events.")


def test_owners_and_admins_are_told_what_is_urgent_and_members_nothing(workspace, people):
    owner, admin, member = (make_user(workspace, role) for role in Role)
    status.move(make_lead(workspace).pk, StatusReason.AGENT_ESCALATED)
    change(make_lead(workspace), start=START)

    assert len(people.mails_to(owner)) == len(people.mails_to(admin)) == 1
    assert people.mails_to(member) == []
