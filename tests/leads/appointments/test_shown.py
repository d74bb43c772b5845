"""An appointment that moved, as people and callers of the API see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.sandbox.clock import moment_of
from leads.models import Booking
from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_user
from tests.leads.appointments.test_orders import deliver
from workspaces.models import Subscription


@pytest.fixture
def owner(cast, visit):
    return visit(make_user(cast.workspace))


@pytest.fixture
def page(cast, owner, lead):
    """Return a function: the words of the lead's page."""
    return lambda: text_of(owner.get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}"))


def test_new_time_of_a_moved_one_is_shown_and_answered(web, cast, side, lead, page):
    side = side()
    row = side.booked(lead)
    body = side.do("move", row.uid)
    deliver(side, side.told[-1:])

    answered = Api(web.base_url, cast.key).read(lead.pk).json()["lead"]
    assert (answered["status"], answered["bookingUid"]) == ("booked", body["uid"])
    assert moment_of(answered["bookingStart"]) == moment_of(body["start"])
    told = page()
    assert "Appointment moved" in told and "It was to be on" in told
    assert "The appointment was moved" in told and "From " in told


@pytest.mark.parametrize(
    ("deed", "title", "why"),
    [
        ("cancel", "Appointment cancelled", "was cancelled by jane@sandbox.invalid: ill."),
        ("ask_to_move", "Appointment to be moved", "The host asked for another time than"),
        ("reject", "Appointment not confirmed", "The host did not confirm the appointment on"),
        ("miss", "Appointment missed", "The lead did not come to the appointment on"),
    ],
)
def test_one_that_does_not_stand_waits_for_a_person(
    web, cast, side, lead, page, owner, deed, title, why
):
    side = side()
    row = side.booked(lead)
    side.do(deed, row.uid, reason="ill" if deed == "cancel" else "")
    deliver(side, side.told[-1:])

    answered = Api(web.base_url, cast.key).read(lead.pk).json()["lead"]
    assert answered["status"] == "needs_human" and why in answered["qualificationNotes"]
    assert (answered["bookingUid"] is None) == (deed != "miss")
    assert title in page() and why in page()
    waiting = text_of(owner.get(f"/admin/{cast.workspace.slug}/waiting?whose=all"))
    assert lead.name in waiting and why in waiting


def test_one_that_waits_for_the_host_is_called_requested(side, lead, page):
    side().booked(lead, status="pending")

    told = page()
    assert "Appointment requested" in told and "The host has yet to confirm it." in told


def test_webhook_that_is_missing_is_told_and_gone_once_it_is_there(cast, side, owner):
    side()
    now = timezone.now()
    row = Subscription.objects.create(
        workspace=cast.workspace,
        event_type_id=1,
        sealed="x",
        account_at=now,
        due_at=now + timedelta(days=1),
        error_code="calcom.key_refused",
        failed_since=now - timedelta(hours=1),
    )
    overview = f"/admin/{cast.workspace.slug}/"
    told = "Cal.com does not report bookings that move since"
    assert told in text_of(owner.get(overview))

    Subscription.objects.filter(pk=row.pk).update(failed_since=None)

    assert told not in text_of(owner.get(overview))
    assert not Booking.objects.filter(lead__workspace=cast.workspace).exists()
