"""listSlots and bookConsult: what becomes of the calendar's answers in a conversation."""

import itertools
from datetime import UTC, datetime

from django.db.models import Q

from coachbot.providers import ProviderError, Refused, Unclear, Unreachable
from coachbot.providers.calcom import client as calcom
from coachbot.providers.calcom.errors import CAUSES
from leads import status
from leads.agent import booking, profiles, slots
from leads.agent.arguments import Arguments
from leads.agent.replies import Reply, Task, fail, refuse, spoken
from leads.intake.submission import NAME
from leads.models import Lead, StatusReason, ToolCall
from workspaces.connections import credentials

NOT_CONNECTED = (
    "The calendar is not connected, so nothing can be booked in this {here}. "
    "Tell the lead that a person of the team will get in touch to arrange a time."
)
NOT_CONNECTED_NOTES = "The lead wants an appointment, and Cal.com is not connected."
REFUSED_NOTES = "The lead wants an appointment, and Cal.com refused."
OUT_OF_REACH = (
    "The calendar cannot be reached right now. Try once more; if it fails again, "
    "call escalateToHuman and say that a person will arrange a time."
)


def list_slots(task: Task) -> Reply:
    """Name the free times of the next days."""
    days = slots.days_wanted(task.arguments)
    try:
        times = booking.free_times(task, days=days)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return _not_connected(task)
    except ProviderError as error:
        return _calendar_failed(task, error)
    return slots.listed(times, days)


def book_consult(task: Task) -> Reply:
    """Book one of the times that listSlots named in this call."""
    try:
        account = credentials.calcom_account(task.workspace_id)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return _not_connected(task)
    try:
        start = slots.chosen(_offered(task), task.arguments, account.zone)
    except slots.NotOffered as error:
        return refuse(str(error))
    wish = _wish(task.arguments, Lead.objects.get(pk=task.lead_id), start)
    if not wish.email:
        return refuse(slots.NO_EMAIL)
    if address := task.arguments.email("email"):
        profiles.learn(task.lead_id, {"email": address})
    return _book(task, account, wish)


def _wish(arguments: Arguments, lead: Lead, start: datetime) -> calcom.Appointment:
    """Return what is to be booked; what the lead submitted stands in for what is not said."""
    return calcom.Appointment(
        request_id="",
        start=start,
        name=arguments.text("name", longest=NAME.longest) or lead.name,
        email=arguments.email("email") or lead.profile.get("email") or lead.email.lower(),
        phone=arguments.phone("phone") or lead.phone,
        notes=arguments.text("notes", longest=calcom.LONGEST_NOTES),
    )


def _book(task: Task, account: calcom.Account, wish: calcom.Appointment) -> Reply:
    when = f"{spoken(wish.start.astimezone(account.zone))} ({account.time_zone})"
    try:
        made = booking.book_time(task, wish)
    except booking.HasAppointment as error:
        there = f"{spoken(error.start.astimezone(account.zone))} ({account.time_zone})"
        if error.start == wish.start:
            return Reply(f"Booked for {there}.")
        return refuse(f"The lead has an appointment already: {there}. A person can move it.")
    except booking.StillBooking:
        return refuse("The booking is still being made. Wait a moment, then ask again.")
    except booking.BookingUncertain:
        return fail(
            f"It is not certain yet that {when} was booked. "
            "Tell the lead that a person of the team will confirm it."
        )
    except calcom.EmailRefused:
        return refuse(
            f"The calendar does not take the e-mail address {wish.email}. "
            "Ask the lead to spell it again, then call bookConsult."
        )
    except calcom.SlotTaken:
        return _offer_others(task, wish.start)
    except ProviderError as error:
        return _calendar_failed(task, error)
    if made.is_pending:
        return Reply(f"Requested for {when}. The team confirms it by e-mail to {wish.email}.")
    return slots.booked(when, wish.email)


def _offer_others(task: Task, taken: datetime) -> Reply:
    """Answer for a time that was taken meanwhile with others that are free."""
    try:
        times = booking.free_times(task, days=slots.DEFAULT_DAYS)
    except ProviderError:
        return refuse("That time was just taken. Call listSlots again and offer other times.")
    others = [time for time in times if time.astimezone(UTC) != taken]
    named = slots.near(others, taken)
    if not named:
        return refuse("That time was just taken, and no other is free in the next 7 days.")
    text = f"That time was just taken. Offer one of these instead: {slots.listing(named)}"
    return Reply(text, refuse("").outcome, tuple(named))


def _not_connected(task: Task) -> Reply:
    status.move(task.lead_id, StatusReason.CALENDAR_NOT_CONNECTED, notes=NOT_CONNECTED_NOTES)
    return fail(NOT_CONNECTED.format(here=task.words.here))


def _calendar_failed(task: Task, error: ProviderError) -> Reply:
    """Answer for a calendar that did not do its part; a lasting refusal needs a person."""
    if isinstance(error, Unreachable | Unclear) or error.status == 429:
        return fail(OUT_OF_REACH)
    if isinstance(error, Refused):
        # What Cal.com answered stands in the log: people read what it means.
        status.move(task.lead_id, StatusReason.CALENDAR_REFUSED, notes=refused_notes(error.code))
    return fail(
        "The calendar refuses to book. "
        "Tell the lead that a person of the team will get in touch to arrange a time."
    )


def refused_notes(code: str) -> str:
    """Return what is said of a lead whose appointment Cal.com refused. code: why it did."""
    cause = CAUSES.explain(code)
    return f"{REFUSED_NOTES} {cause.meaning} {cause.fix}"


def _offered(task: Task) -> list[datetime]:
    """Return every start that was named in this call, or else in this conversation, in UTC."""
    asked = Q(call=task.call_id) if task.call_id else Q(conversation=task.conversation)
    named = ToolCall.objects.filter(asked).values_list("offered", flat=True)
    starts = {datetime.fromisoformat(start) for start in itertools.chain(*named)}
    return sorted(start.astimezone(UTC) for start in starts)
