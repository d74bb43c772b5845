"""What members do with many leads at once: ticked ones, or all that match; skipped ones; undo."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.calls import due
from leads.contact.planned import steps
from leads.models import Step
from leads.operators.bulk import undoing, working
from tests.dashboard import text_of
from tests.factories import make_call, make_cast, make_lead, make_user
from workspaces.models import Role

NOW = timezone.now()
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def member(cast, visit):
    """A visitor who is a member of the lowest role."""
    return visit(make_user(cast.workspace, Role.AGENT))


@pytest.fixture
def path(cast):
    return f"/admin/{cast.workspace.slug}/leads"


def confirm(visitor, url: str, **fields):
    """Open the question at an address and answer it. Return the page of the list after it."""
    html = visitor.get(url).text
    hidden = dict(re.findall(r'type="hidden" name="(number|seen_at)" value="([^"]*)"', html))
    answer = visitor.post(url, **hidden, **fields)
    assert answer.status_code == 302, text_of(answer)
    return visitor.get(answer.headers["Location"])


def ends(cast) -> list[str]:
    return sorted(cast.workspace.leads.values_list("closed_as", flat=True))


def test_all_that_match_are_closed_over_two_pages_and_undone(cast, member, path):
    for number in range(70):
        make_lead(cast.workspace, name=f"Lead {number}", next_step="Ask", next_step_on=NOW.date())
    make_lead(cast.workspace, status="booked")
    url = f"{path}/close?all=1&tab=to_do"
    assert "Close 70 leads?" in text_of(member.get(url))

    page = confirm(member, url, closed_as="lost", reason="Campaign is over")

    assert "70 leads are closed: lost." in text_of(page)
    assert ends(cast) == [""] + ["lost"] * 70
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page.text)[1].replace("&amp;", "&")
    answer = member.post(undo)
    assert "70 leads are as before." in text_of(member.get(answer.headers["Location"]))
    assert ends(cast) == [""] * 71
    assert cast.workspace.leads.filter(next_step="Ask", next_step_on=NOW.date()).count() == 70
    assert "cannot be undone any more" in text_of(member.get(member.post(undo).headers["Location"]))


def test_undo_leaves_alone_what_was_changed_since(cast, member, path):
    first, second = make_lead(cast.workspace), make_lead(cast.workspace)
    page = confirm(member, f"{path}/close?lead={first.pk}&lead={second.pk}", closed_as="won")
    member.post(f"{path}/{first.pk}/close", closed_as="lost")

    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page.text)[1].replace("&amp;", "&")
    page = text_of(member.get(member.post(undo).headers["Location"]))

    assert "1 lead is as before." in page
    assert "1 lead stays as before: 1 changed since." in page
    assert ends(cast) == ["", "lost"]


def test_undo_brings_a_call_back_back(cast):
    lead, by = make_lead(cast.workspace), make_user(cast.workspace).memberships.get()
    steps.plan_callback(lead, TOMORROW, notes="Ask for Ann")
    many = {"workspace": cast.workspace, "lead_ids": [lead.pk], "by": by}

    done = working.close(**many, closed_as=working.ClosedAs.LOST)
    assert not lead.steps.planned().exists()
    undo(cast, done, by)

    step = lead.steps.planned().get()
    assert (step.kind, step.due_at, step.notes) == ("callback", TOMORROW, "Ask for Ann")


def undo(cast, done, by):
    return undoing.undo(deed=undoing.find(cast.workspace, done.undo, by), by=by)


def test_deed_is_its_members_own_and_lasts_an_hour(cast, sandbox):
    lead, by = make_lead(cast.workspace), make_user(cast.workspace).memberships.get()
    other = make_user(cast.workspace).memberships.get()
    stranger = make_user(make_cast(sandbox).workspace).memberships.get()

    done = working.assign(workspace=cast.workspace, lead_ids=[lead.pk], to=by, by=by)

    assert undoing.find(cast.workspace, done.undo, by)
    assert undoing.find(cast.workspace, done.undo, other) is None
    assert undoing.find(stranger.workspace, done.undo, by) is None
    cast.workspace.bulk_deeds.update(made_at=NOW - timedelta(minutes=61))
    assert undoing.find(cast.workspace, done.undo, by) is None


def test_leads_are_assigned_and_those_that_stay_are_told(cast, member, path):
    colleague = make_user(cast.workspace).memberships.get()
    first = make_lead(cast.workspace)
    same = make_lead(cast.workspace, owner=colleague)
    closed = make_lead(cast.workspace, closed_as="won", closed_at=NOW)
    url = f"{path}/assign?lead={first.pk}&lead={same.pk}&lead={closed.pk}"

    page = text_of(confirm(member, url, owner=str(colleague.pk)))

    assert f"1 lead is that of {colleague.user.email} now." in page
    assert "2 leads stay as before: 1 closed; 1 so already." in page
    assert set(colleague.leads.all()) == {first, same}
    assert first.activities.get().after == colleague.user.email


def test_leads_are_called_by_steps_and_others_are_told_why_not(cast, member, path):
    new, again = make_lead(cast.workspace), make_lead(cast.workspace)
    make_call(again, used_budget=True, ended_reason="customer-busy")
    steps.plan(again, "attempt", TOMORROW)
    stay = [
        make_lead(cast.workspace, status="booked"),
        make_lead(cast.workspace, closed_as="won", closed_at=NOW),
        make_lead(cast.workspace, held_because="do_not_call"),
    ]
    later = make_lead(cast.workspace)
    steps.plan_callback(later, TOMORROW, notes="")
    ids = "&".join(f"lead={lead.pk}" for lead in (new, again, later, *stay))

    page = text_of(confirm(member, f"{path}/call?{ids}"))

    assert "2 leads are to be called" in page and "4 leads stay as before" in page
    for why in ("1 closed", "1 on the do-not-call list", "1 talked to, booked or unqualified"):
        assert why in page
    due = Step.objects.planned().filter(workspace=cast.workspace, due_at__lte=timezone.now())
    kinds = {step.lead_id: step.kind for step in due}
    assert kinds == {new.pk: "first", again.pk: "attempt"}
    assert cast.placed() == []


def test_bulk_call_outside_of_the_hours_waits_for_them(cast, member, path):
    cast.workspace.first_call_hours = cast.workspace.later_call_hours = "mon 00:00-00:01"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    confirm(member, f"{path}/call?lead={lead.pk}")

    due.make_step.call_local(lead.steps.planned().get().pk)

    step = lead.steps.planned().get()
    assert step.held_because == "calling_hours" and step.due_at > timezone.now()
    assert cast.placed() == []


def test_lead_that_comes_in_after_the_question_is_not_done(cast, member, path):
    make_lead(cast.workspace, name="Seen")
    url = f"{path}/close?all=1&tab=all"
    html = member.get(url).text
    hidden = dict(re.findall(r'type="hidden" name="(number|seen_at)" value="([^"]*)"', html))
    late = make_lead(cast.workspace, name="Late")

    member.post(url, **hidden, closed_as="lost")

    late.refresh_from_db()
    assert (late.closed_as, ends(cast)) == ("", ["", "lost"])


def test_more_matches_than_confirmed_are_asked_again(cast, member, path):
    make_lead(cast.workspace), make_lead(cast.workspace)
    fields = {"number": "1", "seen_at": timezone.now().isoformat(), "closed_as": "lost"}

    answer = member.post(f"{path}/close?all=1&tab=all", **fields)

    assert answer.status_code == 200 and "Close 2 leads?" in text_of(answer)
    assert ends(cast) == ["", ""]


def test_leads_of_another_workspace_stay_as_they_are(cast, member, path, sandbox):
    stranger = make_lead(make_cast(sandbox).workspace)

    page = text_of(confirm(member, f"{path}/close?lead={stranger.pk}", closed_as="lost"))

    stranger.refresh_from_db()
    assert stranger.closed_as == "" and "1 deleted meanwhile" in page


def test_all_that_match_are_deleted_by_an_admin(cast, visit, path):
    admin = visit(make_user(cast.workspace, Role.ADMIN))
    for _ in range(3):
        make_lead(cast.workspace, status="booked")
    kept = make_lead(cast.workspace)

    page = text_of(confirm(admin, f"{path}/delete?all=1&tab=booked"))

    assert "3 leads are deleted. Their phone numbers can come in again." in page
    assert list(cast.workspace.leads.all()) == [kept]


def test_ticked_leads_alone_are_exported(cast, member, path):
    wanted, other = make_lead(cast.workspace), make_lead(cast.workspace)

    ticked = member.get(f"{path}/export?tab=all&lead={wanted.pk}").text
    everything = member.get(f"{path}/export?tab=all&lead={wanted.pk}&all=1").text

    assert str(wanted.pk) in ticked and str(other.pk) not in ticked
    assert str(other.pk) in everything
