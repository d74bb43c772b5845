"""Cal.com's events in every order, doubled, and one of them lost: the same end state."""

from itertools import permutations

import pytest

from coachbot.sandbox.clock import moment_of
from leads.appointments import hints
from leads.models import Booking, Lead
from tests.factories import make_lead
from tests.leads.appointments.conftest import state_of

# What is done with an appointment, what it comes to, and where its lead stands then.
COURSES = {
    "cancelled": (("cancel",), "cancelled", "needs_human"),
    "moved": (("move",), "made", "booked"),
    "to be moved": (("ask_to_move",), "to_be_moved", "needs_human"),
    "asked to be moved, and moved": (("ask_to_move", "move"), "made", "booked"),
    "moved twice": (("move", "move"), "made", "booked"),
    "moved, then cancelled": (("move", "cancel"), "cancelled", "needs_human"),
    "moved, then to be moved": (("move", "ask_to_move"), "to_be_moved", "needs_human"),
    "missed": (("end", "miss"), "no_show", "needs_human"),
    "not missed after all": (("end", "miss", "unmiss"), "made", "booked"),
    "confirmed": (("confirm",), "made", "booked"),
    "rejected": (("reject",), "rejected", "needs_human"),
}
PENDING = ("confirmed", "rejected")
# The event type by whose digits a move is told as a request and its confirmation.
WAYS = [(course, "00") for course in COURSES]
WAYS += [(course, "85") for course, (deeds, _, _) in COURSES.items() if "move" in deeds]
# Of more orders than these, some are taken.
MOST_ORDERS = 6


def run(side, lead, deeds, *, is_pending) -> tuple[list[dict], dict]:
    """Do all of it at Cal.com. Return the events, and the booking that it ends with."""
    row = side.booked(lead, status="pending" if is_pending else "accepted")
    side.told.clear()
    body = {"uid": row.uid}
    for deed in deeds:
        body = side.do(deed, body["uid"])
    return list(side.told), body


def expected(body, status, of_lead) -> tuple:
    """Return the end state: an appointment that does not stand leaves the lead none."""
    stands = status in ("made", "requested", "no_show")
    start = moment_of(body["start"]) if stands else None
    return status, body["uid"], of_lead, body["uid"] if stands else "", start


def orders(number) -> list[tuple[int, ...]]:
    """Return the orders in which so many events may come, spread over all of them."""
    every = list(permutations(range(number)))
    return every[:: max(1, len(every) // MOST_ORDERS)]


def deliver(side, events) -> None:
    for event in events:
        assert side.post(event).status_code == 200
        hints.settle()


@pytest.mark.parametrize(("course", "digits"), WAYS)
def test_end_state_is_that_of_cal_com_whatever_order_its_events_come_in(cast, side, course, digits):
    deeds, status, of_lead = COURSES[course]
    side = side(digits)
    events, _ = run(side, make_lead(cast.workspace), deeds, is_pending=course in PENDING)
    for order in orders(len(events)):
        lead = make_lead(cast.workspace, email="jane@acme.com")
        events, body = run(side, lead, deeds, is_pending=course in PENDING)

        deliver(side, [events[place] for place in order])

        assert state_of(lead) == expected(body, status, of_lead), (order, events)


@pytest.mark.parametrize("course", COURSES)
def test_doubled_events_change_nothing_more(cast, side, course):
    deeds, status, of_lead = COURSES[course]
    side, lead = side(), make_lead(cast.workspace)
    events, body = run(side, lead, deeds, is_pending=course in PENDING)

    deliver(side, [event for event in events for _ in range(2)])
    told = changes_of(lead).count()
    deliver(side, [*reversed(events), *events])

    assert state_of(lead) == expected(body, status, of_lead)
    assert changes_of(lead).count() == told


def changes_of(lead):
    """Return the log rows that tell of changes."""
    return lead.workspace.log.filter(lead_id=lead.pk, code__startswith="calcom.booking_")


@pytest.mark.parametrize(("course", "digits"), WAYS)
def test_lost_event_is_made_up_for_by_the_sweep(cast, side, course, digits):
    deeds, status, of_lead = COURSES[course]
    side = side(digits)
    events, _ = run(side, make_lead(cast.workspace), deeds, is_pending=course in PENDING)
    for lost in range(len(events)):
        lead = make_lead(cast.workspace, email="jane@acme.com")
        events, body = run(side, lead, deeds, is_pending=course in PENDING)
        is_untold = events[lost].get("payload", {}).get("requestReschedule")
        # Cal.com's API does not tell a booking that is to be moved from one that was cancelled.
        end = "cancelled" if status == "to_be_moved" and is_untold else status

        deliver(side, [event for place, event in enumerate(events) if place != lost])
        side.sweep()

        assert state_of(lead) == expected(body, end, of_lead), (lost, events)


@pytest.mark.parametrize("course", COURSES)
def test_without_any_event_the_sweep_finds_it(cast, side, course):
    deeds, status, of_lead = COURSES[course]
    side, lead = side(), make_lead(cast.workspace)
    _, body = run(side, lead, deeds, is_pending=course in PENDING)

    side.sweep()

    end = "cancelled" if status == "to_be_moved" else status
    assert state_of(lead) == expected(body, end, of_lead)


def test_late_cancellation_of_a_booking_that_was_moved_changes_nothing(cast, side, lead):
    side = side()
    row = side.booked(lead)
    moved = side.do("move", row.uid)
    deliver(side, side.told)
    before = state_of(lead)
    payload = {"uid": row.uid, "status": "CANCELLED", "requestReschedule": False}
    stale = {"triggerEvent": "BOOKING_CANCELLED", "createdAt": side.told[-1]["createdAt"]}

    deliver(side, [{**stale, "payload": payload}])

    assert state_of(lead) == before
    assert (before[1], Booking.objects.get(lead=lead).former_start) == (moved["uid"], row.start)


def test_event_is_only_a_hint_and_cal_com_is_believed(side, lead):
    side = side()
    row = side.booked(lead)
    payload = {"uid": row.uid, "status": "CANCELLED"}

    deliver(side, [{"triggerEvent": "BOOKING_CANCELLED", "payload": payload}])

    assert state_of(lead)[:3] == ("made", row.uid, "booked")
    assert Lead.objects.get(pk=lead.pk).booking_start == row.start
