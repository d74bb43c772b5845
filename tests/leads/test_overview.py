"""The overview: figures, causes, and the steps to the first lead."""

from datetime import timedelta

from django.utils import timezone

from tests.dashboard import text_of
from tests.factories import make_lead, make_phone, make_user, make_workspace


def overview(visit, workspace) -> str:
    return text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/"))


def test_empty_workspace_shows_the_steps_and_a_ready_curl(visit):
    text = overview(visit, make_workspace())

    assert "Three steps to the first lead" in text
    assert "/api/public/leads" in text and "Enter the account" in text


def test_leads_are_counted_by_status_and_age(cast, visit):
    now = timezone.now()
    for days, status in ((0, "booked"), (0, "new"), (5, "booked"), (20, "booked"), (40, "new")):
        make_lead(cast.workspace, status=status, created_at=now - timedelta(days=days))

    text = overview(visit, cast.workspace)

    assert "Booked 1 2 3" in text
    assert "New 1 1 1" in text
    assert "All leads 2 3 4" in text


def test_calls_failures_and_their_causes_are_told(cast, api, visit):
    api.submit()
    for ending in ("41", "41", "45"):
        api.submit(phone=make_phone(ending))

    text = overview(visit, cast.workspace)

    assert "Calls placed 1 1 1" in text
    assert "Calls that could not be placed 3 3 3" in text
    assert "The assistant does not exist 2" in text
    assert "The Vapi account has no credit 1" in text
    assert "in the median of the latest 1 call" in text


def test_leads_that_need_a_human_are_named(cast, visit):
    make_lead(cast.workspace, name="Help Wanted", status="needs_human")

    assert "Help Wanted" in overview(visit, cast.workspace)


def test_paused_agent_is_told_of(cast, visit):
    make_lead(cast.workspace)
    cast.workspace.is_paused = True
    cast.workspace.save()

    assert "The agent is paused: leads are saved" in overview(visit, cast.workspace)
