"""What happens to an appointment at Cal.com is told to the business's systems, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.appointments import hints
from leads.models import Booking
from tests.leads.appointments.conftest import state_of
from workspaces.webhooks import outbox


@pytest.fixture
def booked(side, lead, listen):
    """A lead with an appointment: Cal.com's side, its row, and what was told since."""
    calendar = side()
    row = calendar.booked(lead)
    calendar.told.clear()
    return calendar, row, listen(calendar.workspace)


def deliver(calendar) -> None:
    """Let Cal.com tell each of its events twice."""
    for event in calendar.told:
        for _ in range(2):
            assert calendar.post(event).status_code == 200
            hints.settle()


def changes(told) -> list[dict]:
    return [event["data"] for event in told() if event["type"] == "booking.changed"]


def test_move_is_told_with_both_times(booked, lead):
    calendar, row, told = booked
    was = row.start

    moved = calendar.do("move", row.uid)
    deliver(calendar)

    [data] = changes(told)
    _, uid, *_, start = state_of(lead)
    assert uid == moved["uid"] != row.uid
    assert data["booking"] == {
        "status": "made",
        "uid": uid,
        "start": outbox.instant(start),
        "previousStart": outbox.instant(was),
    }
    assert data["lead"]["id"] == str(lead.pk)
    assert data["lead"]["status"] == "booked"


@pytest.mark.parametrize(
    ("deeds", "status"), [(("cancel",), "cancelled"), (("end", "miss"), "no_show")]
)
def test_appointment_that_comes_to_nothing_is_told(booked, lead, deeds, status):
    calendar, row, told = booked

    for deed in deeds:
        calendar.do(deed, row.uid)
    deliver(calendar)

    [data] = changes(told)
    assert data["booking"]["status"] == status
    assert data["lead"]["status"] == "needs_human"
    kinds = [event["type"] for event in told()]
    assert kinds == ["lead.needs_human", "booking.changed"]


def test_what_the_sweep_finds_is_told(booked, lead):
    calendar, row, told = booked

    calendar.do("cancel", row.uid)
    Booking.objects.filter(pk=row.pk).update(look_at=timezone.now() - timedelta(minutes=1))
    calendar.sweep()

    assert [data["booking"]["status"] for data in changes(told)] == ["cancelled"]
