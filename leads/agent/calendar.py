"""listSlots and bookConsult: what becomes of the calendar's answers in a conversation."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import Q

from coachbot.providers import ProviderError, Refused, Unclear, Unreachable
from coachbot.providers.calcom import client as calcom
from coachbot.providers.calcom.errors import CAUSES
from leads import status
from leads.agent import booking, profiles
from leads.agent.arguments import Arguments
from leads.agent.replies import Reply, Task, fail, refuse, spoken
from leads.intake.submission import NAME
from leads.models import Lead, StatusReason, ToolCall
from workspaces.connections import credentials

DEFAULT_DAYS, MOST_DAYS = 7, 60
MOST_TIMES = 60
MOST_ALTERNATIVES = 6
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
    days = task.arguments.number("daysAhead", default=DEFAULT_DAYS, lowest=0, highest=MOST_DAYS)
    try:
        times = booking.free_times(task, days=days)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return _not_connected(task)
    except ProviderError as error:
        return _calendar_failed(task, error)
    if not times:
        return Reply(f"No time is free in the next {days} days. Ask again with more daysAhead.")
    named = _thin_out(times)
    return Reply(f"{_introduction(named)} {_listing(named)}", offered=tuple(named))


def book_consult(task: Task) -> Reply:
    """Book one of the times that listSlots named in this call."""
    try:
        account = credentials.calcom_account(task.workspace_id)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return _not_connected(task)
    offered = _offered(task)
    if not offered:
        return refuse("Call listSlots first, and let the lead choose one of its times.")
    said = task.arguments.moment("start")
    start = _chosen(offered, said, account)
    if start is None:
        near = _nearest(offered, said.replace(tzinfo=said.tzinfo or account.zone), account)
        return refuse(f"That time was not offered. Choose one of these: {near}")
    wish = _wish(task.arguments, Lead.objects.get(pk=task.lead_id), start)
    if not wish.email:
        return refuse("An e-mail address is needed. Ask the lead for it, then call bookConsult.")
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
    return Reply(f"Booked for {when}. An invitation goes to {wish.email}.")


def _offer_others(task: Task, taken: datetime) -> Reply:
    """Answer for a time that was taken meanwhile with others that are free."""
    try:
        times = booking.free_times(task, days=DEFAULT_DAYS)
    except ProviderError:
        return refuse("That time was just taken. Call listSlots again and offer other times.")
    others = [time for time in times if time.astimezone(UTC) != taken]
    named = _near(others, taken)
    if not named:
        return refuse("That time was just taken, and no other is free in the next 7 days.")
    text = f"That time was just taken. Offer one of these instead: {_listing(named)}"
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


def _chosen(offered: list[datetime], said: datetime, account: calcom.Account) -> datetime | None:
    """Return the offered start (UTC) that is meant; None where there is none.

    What is said without an offset means the slot of that local time, whichever of the two in
    the hour that is repeated in autumn was offered; the earlier one where both were.
    """
    if said.tzinfo:
        said = said.astimezone(UTC)
        return said if said in offered else None
    local = (time.astimezone(account.zone).replace(tzinfo=None, fold=0) for time in offered)
    return next((o for o, at in zip(offered, local, strict=True) if at == said), None)


def _near(times: list[datetime], wanted: datetime) -> list[datetime]:
    """Return the few times that are nearest, in their order. By instants, whatever their zones."""
    wanted = wanted.astimezone(UTC)
    near = sorted(times, key=lambda time: abs(time.astimezone(UTC) - wanted))[:MOST_ALTERNATIVES]
    return sorted(near, key=lambda time: time.astimezone(UTC))


def _nearest(times: list[datetime], wanted: datetime, account: calcom.Account) -> str:
    return _listing([time.astimezone(account.zone) for time in _near(times, wanted)])


def _thin_out(times: list[datetime]) -> list[datetime]:
    """Return at most MOST_TIMES of the times, spread evenly over all of them."""
    if len(times) <= MOST_TIMES:
        return times
    step = len(times) / MOST_TIMES
    return [times[int(place * step)] for place in range(MOST_TIMES)]


def _introduction(times: list[datetime]) -> str:
    return (
        f"Free times in {times[0].tzinfo}, each with the start to pass to bookConsult. "
        "Offer two or three of them."
    )


def _listing(times: Iterable[datetime]) -> str:
    """Return times by day: as they are said, with the exact start in brackets."""
    days = itertools.groupby(times, key=lambda time: time.date())
    return " ".join(
        f"{day:%A} {day.day} {day:%B}: "
        + ", ".join(f"{t:%H:%M} [{t.isoformat(timespec='seconds')}]" for t in of_day)
        + "."
        for day, of_day in days
    )
