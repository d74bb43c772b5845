"""bookConsult whose answer from Cal.com is lost: looked up, and said to be unclear until then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.agent import booking
from leads.models import Booking
from tests.leads.agent.conftest import lead_of


@pytest.mark.parametrize("digits", ["60", "61", "62"])
def test_booking_whose_answer_is_lost_is_found_and_made_once(
    start_web, cast, api, calendar, digits, reporter, offered
):
    side = calendar(digits)
    web = start_web(
        PUBLIC_API_RATE_LIMITS="100000/m", FAILED_KEY_RATE_LIMIT="100000/m", CALCOM_TIMEOUT="1"
    )
    reporter.base = reporter.base.replace(api.base_url, web.base_url)
    lead_id = api.submit(email="jane@acme.com").json()["leadId"]
    start = offered()[0]

    answer = reporter.ask(cast.placed()[0], "bookConsult", {"start": start})

    [booked] = side.booked()
    assert answer.startswith("Booked for ")
    assert (lead_of(lead_id).status, lead_of(lead_id).booking_uid) == ("booked", booked["uid"])


def test_booking_that_stays_unclear_needs_a_human_until_it_is_known(
    settings, cast, lead_id, calendar, offered, book
):
    side = calendar("63")
    start = offered()[0]
    answer = book(start)
    assert answer.startswith("It is not certain yet that ")
    assert lead_of(lead_id).status == "needs_human"
    settings.CALCOM_BASE_URL = f"{cast.sandbox.base_url}/v2"

    later = timezone.now() + timedelta(seconds=70)
    cast.sandbox.providers["calcom"].calendar.now = lambda: later
    try:
        booking.settle_bookings()
    finally:
        cast.sandbox.providers["calcom"].calendar.now = timezone.now

    [booked] = side.booked()
    lead = lead_of(lead_id)
    assert (lead.status, lead.booking_uid) == ("booked", booked["uid"])
    assert lead.qualification_notes == ""


def test_booking_that_was_not_made_is_given_up_and_a_human_told(
    settings, cast, lead_id, calendar, offered, book
):
    calendar("50")
    book(offered()[0])
    settings.CALCOM_BASE_URL = f"{cast.sandbox.base_url}/v2"
    long_ago = timezone.now() - timedelta(minutes=5)
    Booking.objects.filter(lead_id=lead_id).update(sent_at=long_ago, lease_until=long_ago)

    booking.settle_bookings()

    lead = lead_of(lead_id)
    assert not Booking.objects.filter(lead_id=lead_id).exists()
    assert lead.status == "needs_human"
    assert lead.qualification_notes.startswith("An appointment could not be booked. Call back")
