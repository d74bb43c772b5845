"""A lead that waits for a person is assigned, noted, closed, and gone from the queue."""

from tests.factories import make_lead, make_user
from workspaces.models import Role


def test_lead_is_assigned_noted_closed_and_gone_from_the_queue(cast, browse):
    workspace, colleague = cast.workspace, make_user(cast.workspace, Role.AGENT)
    make_lead(workspace, name="Ada Lovelace", status="needs_human", status_reason="agent_escalated")
    make_lead(workspace, name="Grace Hopper", status="needs_human")

    page = browse(make_user(workspace))
    page.goto(f"/admin/{workspace.slug}/")
    page.get_by_role("link", name="Waiting 2 leads").click()
    row = page.get_by_role("listitem").filter(has_text="Ada Lovelace")
    row.get_by_text("The agent asked for a person.").wait_for()
    row.get_by_text("Close or assign").click()
    row.get_by_role("button", name=colleague.email).click()
    page.get_by_text(f"Ada Lovelace is that of {colleague.email} now.").wait_for()

    theirs = browse(colleague, viewport={"width": 390, "height": 844})
    theirs.goto(f"/admin/{workspace.slug}/waiting?whose=mine")
    theirs.get_by_role("link", name="Ada Lovelace").click()
    theirs.get_by_label("A note").fill("Called back, starts on Monday.")
    theirs.get_by_role("button", name="Add the note").click()
    theirs.get_by_role("listitem").get_by_text("Called back, starts on Monday.").first.wait_for()
    theirs.get_by_text("Close the lead").click()
    theirs.get_by_role("button", name="Won").click()
    theirs.get_by_text("Ada Lovelace is closed: won.").wait_for()

    theirs.goto(f"/admin/{workspace.slug}/waiting?whose=mine")
    theirs.get_by_role("heading", name="Nobody waits here").wait_for()
    page.goto(f"/admin/{workspace.slug}/waiting?whose=all")
    assert page.get_by_text("Grace Hopper").count() and not page.get_by_text("Ada Love").count()


def test_next_step_takes_a_lead_out_of_the_queue_without_javascript(cast, browse):
    lead = make_lead(cast.workspace, name="Ada Lovelace", status="needs_human")
    page = browse(make_user(cast.workspace), java_script_enabled=False)
    page.goto(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")

    page.get_by_text("Plan the next step").click()
    page.get_by_label("Next step").fill("Send the offer")
    page.get_by_label("On", exact=True).fill("2999-01-31")
    page.get_by_role("button", name="Keep the step").click()

    page.get_by_text("The next step is kept.").wait_for()
    page.get_by_role("link", name="Waiting").click()
    page.get_by_role("heading", name="Nobody waits here").wait_for()
