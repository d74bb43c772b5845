"""bookConsult: one of the times that were offered, once, and told honestly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from leads.models import Booking, Lead, ToolCall
from tests.leads.agent.conftest import JANE, STARTS, lead_of
from tests.servers import wait_until
from tests.vapi_messages import item, tool_calls
from workspaces.models import LogEntry


def test_offered_time_is_booked(api, lead_id, calendar, offered, book):
    side = calendar()
    start = datetime.fromisoformat(offered()[3])

    answer = book(start.isoformat())

    [booked] = side.booked()
    lead = api.read(lead_id).json()["lead"]
    assert answer == (
        f"Booked for {start:%A} {start.day} {start:%B %Y at %H:%M} (Europe/London). "
        "An invitation goes to jane@acme.com."
    )
    assert (lead["status"], lead["bookingUid"]) == ("booked", booked["uid"])
    assert lead["bookingStart"] == booked["start"]
    assert booked["attendees"][0]["phoneNumber"] == "+447700900123"
    assert booked["bookingFieldsResponses"]["notes"] == "Hi."


@pytest.mark.parametrize(
    "spell",
    [
        lambda start: start.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        lambda start: start.isoformat(timespec="milliseconds"),
        lambda start: start.replace(tzinfo=None).isoformat(),
        lambda start: start.astimezone(UTC).isoformat(),
    ],
    ids=["Z", "milliseconds", "no offset", "another offset"],
)
def test_start_is_compared_as_an_instant(lead_id, calendar, offered, book, spell):
    calendar(zone="America/New_York")
    start = datetime.fromisoformat(offered()[0])

    assert book(spell(start)).startswith("Booked for")


def test_time_that_was_not_offered_is_refused_with_others(lead_id, calendar, offered, book):
    side = calendar()
    start = datetime.fromisoformat(offered()[0]) + timedelta(minutes=7)

    answer = book(start.isoformat())

    assert answer.startswith("That time was not offered. Choose one of these:")
    assert offered()[0] in answer
    assert side.booked() == []


def test_slots_have_to_be_listed_first(lead_id, calendar, book):
    calendar()

    assert book("2026-11-24T10:00:00Z").startswith("Call listSlots first")


@pytest.mark.parametrize("start", ["tomorrow", "", None, "2026-13-45T99:00", "7"])
def test_unreadable_start_is_explained(lead_id, calendar, offered, book, start):
    calendar()
    offered()

    assert book(start).startswith("start must be a start from listSlots, such as")


def test_email_is_asked_for_where_nobody_gave_one(lead_id, calendar, offered, book):
    calendar()
    start = offered()[0]

    assert book(start, email="").startswith("An e-mail address is needed.")
    assert book(start, email="jane at acme").startswith("email is not a valid e-mail address.")


def test_what_the_lead_submitted_stands_in(api, cast, reporter, calendar, offered):
    side = calendar()
    lead_id = api.submit(name="Sam Doe", email="Sam@X.com").json()["leadId"]

    reporter.ask(cast.placed()[0], "bookConsult", {"start": offered()[0], "phone": "unknown"})

    [attendee] = side.booked()[0]["attendees"]
    assert (attendee["name"], attendee["email"]) == ("Sam Doe", "sam@x.com")
    assert attendee["phoneNumber"] == lead_of(lead_id).phone


def test_booking_that_waits_for_the_host_is_called_requested(lead_id, calendar, offered, book):
    calendar("10")

    answer = book(offered()[0])

    assert answer.startswith("Requested for ")
    assert lead_of(lead_id).status == "booked"


def test_recurring_event_type_is_read(lead_id, calendar, offered, book):
    side = calendar("11")

    assert book(offered()[0]).startswith("Booked for ")
    assert lead_of(lead_id).booking_uid == side.booked()[0]["uid"]


@pytest.mark.parametrize("digits", ["20", "21", "22", "23", "24", "25", "26", "27", "28"])
def test_slot_taken_meanwhile_is_answered_with_others(lead_id, calendar, offered, book, digits):
    calendar(digits)
    start = offered()[0]

    answer = book(start)

    assert answer.startswith("That time was just taken. Offer one of these instead:")
    assert start not in answer
    assert (lead_of(lead_id).status, Booking.objects.filter(lead_id=lead_id).count()) == (
        "in_conversation",
        0,
    )


def test_slot_really_taken_by_another_leads_to_a_booking_of_the_next(
    lead_id, cast, calendar, offered, book
):
    side = calendar()
    start, following = offered()[:2]
    taken = datetime.fromisoformat(start)
    wanted = {"eventTypeId": 1, "attendee": {"name": "Somebody"}}
    key = side.account.api_key
    at_calcom = cast.sandbox.providers["calcom"].calendar
    at_calcom.book(key, wanted, taken, status="accepted", hidden_for=0)

    assert book(start).startswith("That time was just taken.")
    assert book(following).startswith("Booked for ")


def test_second_booking_of_the_same_start_is_the_first(lead_id, calendar, offered, book):
    side = calendar()
    start = offered()[0]
    book(start)

    assert book(start).startswith("Booked for ")
    assert len(side.booked()) == 1


def test_second_booking_of_another_start_is_refused(lead_id, calendar, offered, book):
    side = calendar()
    first, second = offered()[:2]
    book(first)

    assert book(second).startswith("The lead has an appointment already: ")
    assert len(side.booked()) == 1


def test_two_bookings_in_one_message_are_one(cast, reporter, lead_id, calendar, offered):
    side = calendar()
    items = [item("bookConsult", {**JANE, "start": start}) for start in offered()[:4]]
    message = tool_calls(cast.placed()[0], *items)
    apart = [tool_calls(cast.placed()[0], one) for one in items]

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(reporter.send, [message, *apart]))

    assert len(side.booked()) == 1
    wait_until(lambda: lead_of(lead_id).status == "booked", "the booking")


@pytest.mark.parametrize("digits", ["41", "40"])
def test_calendar_that_refuses_needs_a_human(lead_id, calendar, offered, book, digits):
    side = calendar()
    start = offered()[0]
    calendar(digits)

    answer = book(start)

    assert answer.startswith("The calendar refuses to book.")
    assert lead_of(lead_id).status == "needs_human"
    assert side.booked() == []


def test_busy_calendar_is_tried_again(lead_id, calendar, offered, book):
    calendar()
    start = offered()[0]
    calendar("49")

    assert book(start).startswith("The calendar cannot be reached right now. Try once more;")
    assert lead_of(lead_id).status == "in_conversation"


def test_refused_phone_number_is_left_out(lead_id, calendar, offered, book):
    side = calendar("44")

    assert book(offered()[0]).startswith("Booked for ")

    [booked] = side.booked()
    assert "phoneNumber" not in booked["attendees"][0]
    assert lead_of(lead_id).booking_uid == booked["uid"]


def test_refused_email_is_asked_for_again(lead_id, calendar, offered, book):
    side = calendar("45")

    answer = book(offered()[0])

    assert answer.startswith("The calendar does not take the e-mail address jane@acme.com. Ask")
    assert side.booked() == []
    assert not Booking.objects.filter(lead_id=lead_id).exists()
    assert lead_of(lead_id).status == "in_conversation"


FOLD = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]  # both 01:30 in London


@pytest.fixture
def folded(cast, lead_id):
    """Let both times of an hour that is repeated in autumn have been offered."""
    call = Lead.objects.get(pk=lead_id).calls.get()
    return ToolCall.objects.create(
        call=call,
        tool_call_id="earlier",
        name="listSlots",
        answer="Free.",
        offered=[start.isoformat() for start in FOLD],
        lease_until=call.lease_until,
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-10-25T01:30:00+01:00", FOLD[0]),
        ("2026-10-25T01:30:00+00:00", FOLD[1]),
        ("2026-10-25T01:30:00Z", FOLD[1]),
        ("2026-10-25T01:30:00", FOLD[0]),
    ],
)
def test_hour_that_is_repeated_in_autumn_is_told_apart(calendar, folded, book, said, meant, wished):
    calendar("20")  # so that nothing is booked, and the request shows what was wished for

    answer = book(said)

    assert answer.startswith("That time was just taken.")
    assert wished() == meant


def test_local_time_means_the_one_of_the_two_that_was_offered(calendar, folded, book, wished):
    calendar("20")
    folded.offered = [FOLD[1].isoformat()]
    folded.save()

    book("2026-10-25T01:30:00")

    assert wished() == FOLD[1]


@pytest.fixture
def wished(cast):
    """Return a function that says which start Cal.com was asked to book."""

    def start():
        row = LogEntry.objects.filter(
            workspace=cast.workspace, action="Cal.com POST /bookings"
        ).latest("pk")
        return datetime.fromisoformat(row.request["start"])

    return start


def test_times_are_listed_and_booked_under_ids_that_start_again(cast, reporter, lead_id, calendar):
    side, placed = calendar(), cast.placed()[0]

    listed = reporter.ask(placed, "listSlots", {}, id="call_0")
    start = STARTS.findall(listed)[0]
    answer = reporter.ask(placed, "bookConsult", {**JANE, "start": start}, id="call_0")

    assert answer.startswith("Booked for ")
    assert len(side.booked()) == 1
