"""Bookings that people make, and what becomes of the agent's next one: both sides agree."""

from datetime import timedelta

from django.utils import timezone

from leads.agent import booking
from leads.appointments import hints, sweep
from leads.contact.planned import steps
from leads.models import Booking, BookingHint, StepKind
from leads.operators import handing
from tests.factories import make_user
from tests.leads.appointments.conftest import state_of
from tests.leads.appointments.test_orders import deliver


def test_booking_by_hand_that_names_the_lead_is_the_leads(side, lead):
    side = side()
    steps.plan(lead, StepKind.ATTEMPT, timezone.now() + timedelta(hours=1))
    body = side.book(lead)

    deliver(side, side.told)

    assert state_of(lead)[:4] == ("made", body["uid"], "booked", body["uid"])
    assert not lead.steps.planned().exists()


def test_booking_by_hand_of_which_nobody_told_is_found(side, lead):
    side = side()
    body = side.book(lead)

    side.sweep()

    assert state_of(lead)[:3] == ("made", body["uid"], "booked")


def test_webhook_that_names_a_lead_is_not_believed(side, lead):
    side = side()
    side.book()
    [event] = side.told
    named = {**event["payload"], "metadata": {"leadId": str(lead.pk)}}

    deliver(side, [{**event, "payload": named}])

    assert not Booking.objects.filter(lead=lead).exists()


def test_second_booking_by_hand_waits_for_the_end_of_the_first(side, lead):
    side = side()
    row = side.booked(lead)
    side.told.clear()
    second = side.book(lead)
    deliver(side, side.told)
    assert state_of(lead)[1] == row.uid

    side.do("cancel", row.uid)
    third = side.book(lead)
    deliver(side, side.told[-2:])

    assert state_of(lead)[:3] == ("made", third["uid"], "booked")
    assert second["uid"] != third["uid"]


def test_lead_whose_appointment_was_cancelled_is_booked_again_by_the_agent(side, lead, cast):
    side = side()
    row = side.booked(lead)
    side.do("cancel", row.uid)
    deliver(side, side.told[-1:])
    lead.refresh_from_db()
    assert lead.qualification_notes.endswith("was cancelled by jane@sandbox.invalid.")

    booking._clear_the_way(Booking.objects.get(lead=lead), side.account)
    again = side.booked(lead)

    assert state_of(lead)[:2] == ("made", again.uid)


def test_lead_is_not_handed_back_as_booked_once_the_appointment_is_off(side, lead):
    side = side()
    member = make_user(side.workspace).memberships.get()
    row = side.booked(lead)
    lead.refresh_from_db()
    handing.take_over(lead=lead, by=member)
    side.do("miss", row.uid)
    deliver(side, side.told[-1:])
    assert state_of(lead)[::2] == ("no_show", "needs_human", row.start)
    assert lead.status_reason == "taken_over"

    handing.hand_back(lead=lead, by=member)

    lead.refresh_from_db()
    assert lead.status == "new"


def test_booking_that_cal_com_holds_no_longer_is_cancelled_after_a_while(side, lead):
    side = side()
    row = side.booked(lead)
    Booking.objects.filter(pk=row.pk).update(sent_at=timezone.now() + timedelta(minutes=1))
    side.do("forget", row.uid)
    for _ in range(2):
        side.sweep()
        assert state_of(lead)[0] == "made"

    side.sweep()

    assert state_of(lead)[::2][:2] == ("cancelled", "needs_human")


def test_nothing_is_asked_while_nothing_is_due(side, lead):
    side = side()
    side.booked(lead)
    sweep.read_changes()
    sweep.look_at_due()

    asked = side.workspace.log.count()
    assert (sweep.look_at_due(), sweep.read_changes(), hints.settle()) == (0, 0, 0)
    assert side.workspace.log.count() == asked
    assert not BookingHint.objects.filter(workspace=side.workspace).exists()


def test_without_an_account_the_appointment_stays_as_it_was_known(side, lead):
    side = side()
    row = side.booked(lead)
    account = side.workspace.credentials.get(kind="calcom")
    side.do("cancel", row.uid)
    account.delete()

    side.sweep()

    assert state_of(lead)[0] == "made"
