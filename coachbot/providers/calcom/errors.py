"""What a failed request to Cal.com means: it has no code per cause, so its words are looked at.

docs/providers/calcom.md (section 4) says where the words come from.
"""

import re
from enum import Enum

from coachbot.providers.causes import Cause, Causes


class Meaning(Enum):
    """What a refusal of a booking is about."""

    TAKEN = "taken"  # the time, or whoever would take the appointment, is not free
    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"


TAKEN = (
    *("already has booking at this time", "no more seats left", "no available users"),
    *("can't be booked at the", "in the past", "booking_conflict", "hosts_unavailable"),
    *("round_robin_host", "booking_seats_full", "not_enough_available_seats"),
    "no_available_users_found",
)
# A field that the event type wants and did not get is for the owner to mend, not for the lead.
WANTING = ("missing", "email_verification_required", "at least one contact method")
PHONE = re.compile(r"phone|invalid_number")
EMAIL = re.compile(r"e-?mail")


def meaning(status: int | None, body: str) -> Meaning:
    """Return what a 4xx of POST /bookings is about. body: as it came."""
    said = body.lower()
    if status == 409 or any(fragment in said for fragment in TAKEN):
        return Meaning.TAKEN
    if any(fragment in said for fragment in WANTING):
        return Meaning.OTHER
    if PHONE.search(said):
        return Meaning.PHONE
    return Meaning.EMAIL if EMAIL.search(said) else Meaning.OTHER


CAUSES = Causes(
    "calcom",
    Cause(
        "key_refused",
        "Key refused",
        "Cal.com does not take the API key.",
        "Enter a key of the account that hosts the event type.",
        statuses=(401, 403),
        is_ours=True,
    ),
    Cause(
        "no_event_type",
        "No event type",
        "Cal.com knows no such event type.",
        "Check the id in the settings; the key must be its host's.",
        statuses=(404,),
        is_ours=True,
    ),
    Cause(
        "not_booked",
        "Not booked",
        "Cal.com could not book: the time was taken, or the event type wants more.",
        "The raw answer says which of the two it is.",
        statuses=(400, 409, 422),
        is_of_lead=True,
    ),
    Cause(
        "too_busy",
        "Coachbot was too busy",
        "So many requests to Cal.com were under way that this one was not sent.",
        "Retry now. If it happens often, Cal.com is slow, or the server needs more processes.",
    ),
    Cause(
        "unknown",
        "Cal.com out of reach",
        "Cal.com gave no answer that settles it.",
        "It is looked up by itself. Wait.",
    ),
)
