"""Leads that waited while something held them: offered in bulk, and never called by themselves."""

import pytest

from leads.contact.planned import offered, steps
from leads.models import HeldBecause, Step
from leads.operators import offering
from tests.dashboard import text_of
from tests.factories import make_cast, make_lead, make_user
from workspaces.models import LogEntry, Role

WAITED = "waited while the agent was paused"


@pytest.fixture
def held(sandbox):
    """A workspace that is resumed, whose three leads came in while it was paused."""
    cast = make_cast(sandbox, later_call_hours="always")
    for _ in range(3):
        make_lead(cast.workspace, held_because=HeldBecause.PAUSED)
    return cast


@pytest.fixture
def member(held, visit):
    return visit(make_user(held.workspace, Role.AGENT))


def base_of(cast) -> str:
    return f"/admin/{cast.workspace.slug}"


def phones_called(cast) -> list[str]:
    return [call.body["customer"]["number"] for call in cast.placed()]


def held_leads(cast):
    return cast.workspace.leads.filter(held_because=HeldBecause.PAUSED)


def call_all(cast, because=HeldBecause.PAUSED) -> int:
    return offering.call(workspace=cast.workspace, because=because, by=make_user(cast.workspace))


def count_of(cast, because=HeldBecause.PAUSED) -> int:
    return sum(o.count for o in offered.offers(cast.workspace) if o.because == because)


def test_nothing_is_offered_while_the_agent_is_paused(held, member):
    held.workspace.is_paused = True
    held.workspace.save()

    assert WAITED not in text_of(member.get(f"{base_of(held)}/waiting"))


@pytest.mark.parametrize("page", ["waiting", ""])
def test_after_a_pause_the_leads_are_offered_and_nobody_is_called(held, member, work, page):
    text = text_of(member.get(f"{base_of(held)}/{page}"))

    assert f"3 leads {WAITED}" in text and "Call them now" in text
    assert work() == 0
    assert not held.placed()


def test_resuming_shows_the_offer_and_calls_nobody(held, visit, work):
    owner = visit(make_user(held.workspace))
    owner.post(f"{base_of(held)}/settings/pause")

    answer = owner.post(f"{base_of(held)}/settings/resume")

    assert f"3 leads {WAITED}" in text_of(owner.get(answer.headers["Location"]))
    assert work() == 0


def test_all_of_them_are_called_by_the_worker_the_newest_first(held, member, work):
    phones = [lead.phone for lead in held_leads(held).newest_first()]

    answer = member.post(f"{base_of(held)}/offered/paused/call", all="1")
    before = len(held.placed())
    work()

    calls = held.workspace.calls.order_by("created_at").select_related("lead")
    assert before == 0
    assert [call.lead.phone for call in calls] == phones
    assert sorted(phones_called(held)) == sorted(phones)
    assert "3 leads are called now" in text_of(member.get(answer.headers["Location"]))
    assert count_of(held) == 0
    row = LogEntry.objects.get(workspace=held.workspace, code="leads.call_offered")
    assert (row.request["because"], row.request["leads"]) == ("paused", 3)


def test_those_that_are_chosen_are_called_and_the_others_stay_offered(held, member, work):
    chosen = held_leads(held).first()

    answer = member.post(f"{base_of(held)}/offered/paused/call", lead=str(chosen.pk))
    work()

    assert phones_called(held) == [chosen.phone]
    assert answer.headers["Location"] == f"{base_of(held)}/offered/paused"
    assert count_of(held) == 2


def test_those_that_are_left_are_offered_no_more_and_nobody_is_called(held, member, work):
    member.post(f"{base_of(held)}/offered/paused/leave", all="1")

    assert (count_of(held), work(), held.placed()) == (0, 0, [])
    assert WAITED not in text_of(member.get(f"{base_of(held)}/waiting"))


def test_nothing_that_is_chosen_is_said(held, member):
    member.post(f"{base_of(held)}/offered/paused/call")

    assert "No lead was selected." in text_of(member.get(f"{base_of(held)}/offered/paused"))
    assert count_of(held) == 3


def test_sent_twice_it_is_done_once(held, member, work):
    form = {**member.form_on(f"{base_of(held)}/waiting"), "all": "1"}

    for _ in range(2):
        member.post(f"{base_of(held)}/offered/paused/call", **form)
    for _ in range(3):
        work()

    assert len(held.placed()) == 3


def test_hours_and_the_limit_of_the_day_hold_for_them_too(held, work):
    held.workspace.daily_call_limit = 2
    held.workspace.save()

    number = call_all(held)
    work()

    assert (number, len(held.placed())) == (3, 2)
    waiting = Step.objects.planned().get(workspace=held.workspace)
    assert waiting.held_because == HeldBecause.DAILY_LIMIT and waiting.due_at is not None


def test_an_attempt_that_waited_is_offered_too(held, work):
    held_leads(held).update(held_because="")
    lead = held.workspace.leads.first()
    steps.plan(lead, "attempt", None, held_because=HeldBecause.PAUSED)

    assert count_of(held) == 1
    call_all(held)
    work()

    assert phones_called(held) == [lead.phone]
    assert held.workspace.steps.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"closed_as": "won", "closed_at": "2026-11-01T10:00:00Z"},
        {"status": "booked"},
        {"is_test": True},
        {"held_because": "do_not_call"},
        {"accepted_at": None},
    ],
)
def test_who_is_not_to_be_called_is_not_offered(held, fields):
    held_leads(held).update(held_because="")
    make_lead(held.workspace, **{"held_because": "paused", **fields})

    assert count_of(held) == 0


def test_held_for_its_country_a_lead_is_offered_once_that_is_allowed(sandbox, work):
    cast = make_cast(sandbox, allowed_countries="US")
    make_lead(cast.workspace, held_because=HeldBecause.COUNTRY)
    before = count_of(cast, HeldBecause.COUNTRY)

    cast.workspace.allowed_countries = "US,GB"
    cast.workspace.save()

    assert (before, count_of(cast, HeldBecause.COUNTRY)) == (0, 1)
    call_all(cast, HeldBecause.COUNTRY)
    work()
    assert len(cast.placed()) == 1


def test_a_lead_that_is_handed_back_is_offered(held):
    lead = make_lead(held.workspace, status="needs_human")
    steps.plan(lead, "attempt", None, held_because=HeldBecause.WITH_PERSON)
    before = count_of(held, HeldBecause.WITH_PERSON)

    lead.status = "new"
    lead.save()

    assert (before, count_of(held, HeldBecause.WITH_PERSON)) == (0, 1)


def test_leads_of_another_workspace_are_not_touched(held, member, sandbox):
    other = make_lead(make_cast(sandbox).workspace, held_because="paused")

    member.post(f"{base_of(held)}/offered/paused/call", lead=str(other.pk))

    assert not other.steps.exists()


def test_a_reason_that_nobody_waits_for_is_no_page(held, member):
    assert member.get(f"{base_of(held)}/offered/calling_hours").status_code == 404


def test_a_member_chooses_in_the_browser_and_calls_the_rest(held, browse, work):
    page = browse(make_user(held.workspace, Role.AGENT), java_script_enabled=False)
    page.goto(f"{base_of(held)}/waiting")
    page.get_by_role("link", name="Choose").click()

    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Leave selected").click()
    page.get_by_text("1 lead is left alone. Nobody is called.").wait_for()
    page.goto(f"{base_of(held)}/waiting")
    page.get_by_role("button", name="Call them now").click()
    page.get_by_text("2 leads are called now, the newest first").wait_for()
    work()

    assert len(held.placed()) == 2


def test_a_lead_that_somebody_was_quicker_with_is_not_called_twice(held, work):
    [first, *_] = held_leads(held)

    numbers = [
        offering.call(
            workspace=held.workspace,
            because=HeldBecause.PAUSED,
            by=make_user(held.workspace),
            lead_ids=[first.pk],
        )
        for _ in range(2)
    ]
    work()

    assert (numbers, len(held.placed()), first.steps.count()) == ([1, 0], 1, 1)
