"""Calls that Vapi accepts and has no line for: made again, and never twice."""

from datetime import timedelta

from django.utils import timezone

from leads.calls.settling import blocked
from leads.models import Call, Lead
from workspaces.models import Workspace


def lead_of(response) -> Lead:
    return Lead.objects.get(pk=response.json()["leadId"])


def age(lead, seconds):
    """Let the calls of a lead look as if they had been dialled so long ago."""
    then = timezone.now() - timedelta(seconds=seconds)
    Call.objects.filter(lead=lead).update(dialed_at=then, lease_until=then)


def refused_long_ago(lead):
    """Let the calls of a lead look as if Vapi had refused so long ago to drop them."""
    now = timezone.now()
    refused = Call.objects.filter(lead=lead).exclude(drop_refused_at=None)
    assert refused.update(drop_refused_at=now - timedelta(seconds=11), lease_until=now)


def block_one(stage, org, **fields):
    """Fill the only line, and have one more call blocked."""
    cast, api, reporter = stage()
    org(cast, lines=1, told=50, **{"when_full": "block", **fields})
    api.submit()
    answer = api.submit()
    assert answer.json()["callQueued"]
    return cast, reporter, lead_of(answer)


def settled(cast):
    """Do the worker's part, for whoever waits. Return how many calls of the cast it closed."""
    calls = Call.objects.waiting_for_a_line().filter(workspace=cast.workspace)
    waiting = calls.count()
    blocked.settle_blocked_calls()
    return waiting - calls.count()


def end_first(cast, reporter):
    call = cast.placed()[-1]
    call.body["status"] = "ended"
    reporter.status(call, "ended", endedReason="customer-busy")


def test_it_is_dropped_at_vapi_and_made_again_when_a_line_gets_free(stage, org, let_in):
    cast, reporter, lead = block_one(stage, org)
    age(lead, 4)

    assert settled(cast) == 1
    call = lead.calls.get()
    assert (call.status, call.ended_reason, call.used_budget) == (
        "ended",
        "coachbot.no-line",
        False,
    )
    assert cast.placed()[0].is_deleted
    assert let_in(cast) == 0

    end_first(cast, reporter)

    assert let_in(cast) == 1
    assert cast.placed()[0].body["customer"]["number"] == lead.phone
    assert lead.calls.filter(status="in_progress", is_blocked=False).count() == 1


def test_it_takes_no_line(stage, org):
    cast, _, lead = block_one(stage, org)

    assert Call.objects.going_on().filter(workspace=cast.workspace).count() == 1
    assert lead.calls.get().is_waiting_for_a_line


def test_one_that_vapi_begins_by_itself_is_left_alone(stage, org, let_in):
    cast, reporter, lead = block_one(stage, org)
    cast.placed()[0].body["status"] = "ringing"
    age(lead, 4)

    assert settled(cast) == 0
    end_first(cast, reporter)

    assert let_in(cast) == 0
    assert lead.calls.get().status == "in_progress"


def test_one_that_vapi_does_not_delete_waits_first(stage, org, let_in):
    cast, _, lead = block_one(stage, org, deletes=False)
    age(lead, 60)
    assert settled(cast) == 0
    Call.objects.filter(lead=lead).update(lease_until=timezone.now())
    assert settled(cast) == 0

    refused_long_ago(lead)

    assert settled(cast) == 1
    assert lead.calls.get().ended_reason == "coachbot.no-line"


def test_one_that_begins_while_it_is_dropped_is_not_made_again(stage, org, let_in):
    cast, _, lead = block_one(stage, org)
    call = cast.placed()[0]
    call.has_line = True  # it begins, which refuses the deletion, and is still shown as queued
    age(lead, 60)
    assert settled(cast) == 0

    call.body["status"] = "ringing"
    refused_long_ago(lead)

    assert settled(cast) == 0
    assert lead.calls.get().status == "in_progress"


def test_who_placed_it_does_not_keep_it_from_being_dropped(stage, org, let_in):
    cast, _, lead = block_one(stage, org)
    then = timezone.now() - timedelta(seconds=4)
    Call.objects.filter(lead=lead).update(dialed_at=then)

    assert settled(cast) == 1


def test_one_that_vapi_begins_shows_how_many_lines_there_are(stage, org):
    cast, reporter, _ = block_one(stage, org)
    Workspace.objects.filter(pk=cast.workspace.pk).update(lines_seen=0)

    reporter.status(cast.placed()[0], "in-progress")

    cast.workspace.refresh_from_db()
    assert cast.workspace.lines_seen == 2


def test_that_vapi_tells_of_the_deletion_changes_nothing(stage, org, let_in):
    cast, reporter, lead = block_one(stage, org)
    age(lead, 4)
    blocked.settle_blocked_calls()

    reporter.status(cast.placed()[0], "ended", endedReason="call-deleted")

    step = lead.steps.get()
    assert (step.state, step.held_because, step.kind) == ("planned", "lines_full", "first")
