"""What members do with a lead on its page: whose it is, notes, the next step, the end."""

from datetime import date, timedelta

import pytest

from leads.models import Activity, Lead
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_user
from workspaces.models import Role

SOON = date.today() + timedelta(days=3)


@pytest.fixture
def member(cast):
    return make_user(cast.workspace, Role.AGENT)


@pytest.fixture
def lead(cast):
    return make_lead(cast.workspace, status="needs_human")


@pytest.fixture
def page(cast, lead):
    return f"/admin/{cast.workspace.slug}/leads/{lead.pk}"


def owner_of(lead) -> str:
    return Lead.objects.get(pk=lead.pk).owner_name


def test_taking_over_says_who_did_it(visit, member, page, lead):
    visitor = visit(member)

    visitor.post(f"{page}/take-over")

    text = text_of(visitor.get(page))
    assert owner_of(lead) == member.email
    assert f"Taken over, by {member.email}" in text
    assert "Take over lead" not in text  # the log's row, which tells the same


def test_lead_is_taken_over_from_whom_it_belonged_to(visit, cast, member, page, lead):
    other = make_user(cast.workspace)
    visit(other).post(f"{page}/take-over")

    before = text_of(visit(member).get(page))
    visit(member).post(f"{page}/take-over")

    assert f"Take over from {other.email}" in before
    assert f"Taken over from {other.email}, by {member.email}" in text_of(visit(member).get(page))


def test_who_comes_second_is_told_who_was_first(visit, cast, member, page, lead):
    first, second = make_user(cast.workspace), visit(member)
    visit(first).post(f"{page}/take-over", seen_owner="")

    second.post(f"{page}/take-over", seen_owner="")

    assert f"Meanwhile it became that of {first.email}." in text_of(second.get(page))
    assert owner_of(lead) == first.email


def test_lead_is_assigned_to_a_member_and_to_nobody(visit, cast, member, page, lead):
    visitor, place = visit(make_user(cast.workspace)), member.memberships.get()

    visitor.post(f"{page}/assign", owner=str(place.pk))
    assigned = owner_of(lead)
    visitor.post(f"{page}/assign", owner="nobody")

    text = text_of(visitor.get(page))
    assert (assigned, owner_of(lead)) == (member.email, "")
    assert f"Assigned to {member.email}, by" in text and "Assigned to nobody, by" in text
    assert cast.workspace.log.filter(code="lead.assign").count() == 2


def test_lead_is_not_assigned_to_a_member_of_another_workspace(visit, member, page, lead, sandbox):
    elsewhere = make_user(make_cast(sandbox).workspace).memberships.get()

    answer = visit(member).post(f"{page}/assign", owner=str(elsewhere.pk))

    assert "That is not a member any more." in text_of(answer)
    assert owner_of(lead) == ""


def test_lead_that_is_handed_back_is_nobodys(visit, member, page, lead):
    visitor = visit(member)
    visitor.post(f"{page}/take-over")

    visitor.post(f"{page}/hand-back")

    assert owner_of(lead) == ""
    assert f"Handed back to the agent, by {member.email}" in text_of(visitor.get(page))


def test_note_is_kept_with_its_author_and_escaped(visit, member, page):
    visitor = visit(member)

    visitor.post(f"{page}/notes", text="Prefers <b>mornings</b>\r\nand tea")

    answer = visitor.get(page)
    assert "Prefers &lt;b&gt;mornings&lt;/b&gt;\nand tea" in answer.text
    assert f"Note, by {member.email}" in text_of(answer)


def test_note_of_4000_characters_is_kept_whatever_its_line_breaks(visit, member, page, lead):
    text = ("x" * 39 + "\r\n") * 99 + "y" * 40

    visit(member).post(f"{page}/notes", text=text)
    too_long = visit(member).post(f"{page}/notes", text="z" * 4_001)

    [note] = Activity.objects.filter(lead=lead)
    assert len(note.text) == 4_000
    assert "at most 4000 characters" in text_of(too_long) and "zzzz" in too_long.text


def test_note_without_text_says_what_is_missing(visit, member, page):
    assert "Write a note first." in text_of(visit(member).post(f"{page}/notes", text="  "))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "Send the offer"}, "Choose the day on which it is to be done."),
        ({"text": "Send the offer", "on": "2020-01-01"}, "Choose today or a later day."),
        ({"text": "", "on": str(SOON)}, "Say what is to be done"),
    ],
)
def test_next_step_that_lacks_something_says_so_and_keeps_what_was_typed(
    visit, member, page, lead, fields, said
):
    answer = visit(member).post(f"{page}/next-step", **fields)

    assert said in text_of(answer)
    assert all(f'value="{typed}"' in answer.text for typed in fields.values() if typed)
    assert not Activity.objects.filter(lead=lead).exists()


def test_next_step_is_planned_and_done(visit, member, page, lead):
    visitor = visit(member)

    visitor.post(f"{page}/next-step", text="Send the offer", on=str(SOON))
    planned = text_of(visitor.get(page))
    visitor.post(f"{page}/next-step/done")

    lead.refresh_from_db()
    assert "Send the offer" in planned and "Next step planned for" in planned
    assert (lead.next_step, lead.next_step_on) == ("", None)
    assert "Next step done, by" in text_of(visitor.get(page))


def test_closed_lead_says_how_why_and_by_whom(visit, member, page, lead):
    visitor = visit(member)

    visitor.post(f"{page}/close", closed_as="lost", reason="Too expensive for her")

    text = text_of(visitor.get(page))
    assert f"Closed: lost, by {member.email}" in text and "Too expensive for her" in text
    assert "Take over" not in text.replace("Taken over", "")
    assert Lead.objects.get(pk=lead.pk).status == "needs_human"


def test_closed_lead_is_what_it_was_for_the_api(web, visit, cast, member, page, lead):
    api = Api(web.base_url, cast.key)
    before = api.read(lead.pk).json()

    visit(member).post(f"{page}/close", closed_as="won")

    assert api.read(lead.pk).json() == before


def test_closed_lead_is_not_called_until_it_is_reopened(visit, cast, member, page, lead):
    visitor = visit(member)
    visitor.post(f"{page}/close", closed_as="not_now")

    visitor.post(f"{page}/call-again")
    refused = text_of(visitor.get(page))
    placed = len(cast.placed())
    visitor.post(f"{page}/reopen")
    visitor.post(f"{page}/call-again")

    assert "was not called. The lead is closed. Reopen it first." in refused and placed == 0
    assert [call.body["customer"]["number"] for call in cast.placed()] == [lead.phone]
    text = text_of(visitor.get(page))
    assert "Reopened, by" in text and f"Call asked for, by {member.email}" in text


@pytest.mark.parametrize(
    ("button", "fields"),
    [
        ("take-over", {}),
        ("assign", {"owner": "nobody"}),
        ("hand-back", {}),
        ("next-step", {"text": "Call", "on": str(SOON)}),
    ],
)
def test_closed_lead_is_worked_on_once_it_is_open_again(visit, member, page, lead, button, fields):
    visitor = visit(member)
    visitor.post(f"{page}/close", closed_as="won")

    visitor.post(f"{page}/{button}", **fields)

    assert "closed as won. Reopen it first." in text_of(visitor.get(page))
    assert Activity.objects.filter(lead=lead).count() == 1


def test_end_that_does_not_exist_is_refused(visit, member, page, lead):
    visit(member).post(f"{page}/close", closed_as="deleted")

    assert not Lead.objects.get(pk=lead.pk).is_closed


def test_what_a_member_did_outlives_the_member_and_the_log(visit, cast, member, page):
    visit(member).post(f"{page}/notes", text="Wants a receipt")
    email = member.email
    member.delete()
    cast.workspace.log.all().delete()

    text = text_of(visit(make_user(cast.workspace)).get(page))

    assert f"Note, by {email}" in text and "Wants a receipt" in text
