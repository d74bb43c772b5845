"""The rules of the gate, in the order in which they are asked: the first one against counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Q

from coachbot.db import clock
from coachbot.providers.vapi import ended_reasons
from leads.contact import hours, number_types, zones
from leads.contact.do_not_call import opt_outs
from leads.intake import phones
from leads.models import (
    GONE_OUT,
    UNASKED,
    HeldBecause,
    Lead,
    Message,
    MessagePurpose,
    MessageStatus,
    StatusReason,
)
from workspaces.connections import connected
from workspaces.settings import calling_hours

# The settings that the rules go by. The write that counts a call goes by them too.
SETTINGS = (
    *("is_paused", "channel", "allowed_countries", "allowed_number_types"),
    *("first_call_hours", "later_call_hours", "days_off", "calls_a_day_per_lead"),
)


# Why a turn of the agent's itself leaves its lead to a person, after its own last words.
LEFT_BY_AGENT = (
    StatusReason.AGENT_ESCALATED,
    StatusReason.AGENT_FAILED,
    StatusReason.UNREADABLE_MESSAGES,
    StatusReason.BOOKING_UNCERTAIN,
    StatusReason.BOOKING_FAILED,
    StatusReason.CALENDAR_REFUSED,
    StatusReason.CALENDAR_NOT_CONNECTED,
)


class Purpose(Enum):
    """What a lead would be contacted for: different hours hold, and others may stop it."""

    FIRST = "first"  # it has just written in
    PLANNED = "planned"  # of the agent's own accord
    CALLBACK = "callback"  # the lead asked for that time
    BY_HAND = "by_hand"  # a member asked for it, and knows what time it is there


@dataclass(frozen=True)
class Held:
    """A rule against contact. until: when to ask again, in UTC; None where a person decides."""

    code: HeldBecause
    until: datetime | None = None


def against(lead: Lead, purpose: Purpose) -> Held | None:
    """Return the first rule against contacting a lead now, by `lead.workspace` as it is held."""
    found = (rule(lead, purpose) for rule in RULES)
    return next((held for held in found if held), None)


def _do_not_call(lead: Lead, purpose: Purpose) -> Held | None:
    workspace = lead.workspace
    # The first call of most workspaces asks nothing more of the database.
    if workspace.opt_outs_version and opt_outs.is_listed(workspace.pk, lead.phone):
        return Held(HeldBecause.DO_NOT_CALL)
    return None


def _paused(lead: Lead, purpose: Purpose) -> Held | None:
    return Held(HeldBecause.PAUSED) if lead.workspace.is_paused else None


def _not_connected(lead: Lead, purpose: Purpose) -> Held | None:
    # A call that is not connected is refused when it is placed, in words of its own.
    if lead.workspace.is_voice or connected.is_connected(lead.workspace):
        return None
    return Held(HeldBecause.NOT_CONNECTED)


def _country(lead: Lead, purpose: Purpose) -> Held | None:
    return None if allows_number(lead) else Held(HeldBecause.COUNTRY)


def allows_number(lead: Lead) -> bool:
    """Return whether the country and the kind of a lead's number may be called."""
    workspace = lead.workspace
    return is_in(lead.phone, workspace.allowed_countries) and number_types.is_allowed(
        lead.phone, workspace.allowed_number_types
    )


def is_in(phone: str, countries: str) -> bool:
    """Return whether a phone is of one of the countries; of none named, it always is."""
    return not countries or phones.is_in(phone, countries.split(","))


def _with_person(lead: Lead, purpose: Purpose) -> Held | None:
    is_stopped = lead.is_with_person if purpose is Purpose.PLANNED else lead.is_closed
    return Held(HeldBecause.WITH_PERSON) if is_stopped else None


def _hours(lead: Lead, purpose: Purpose) -> Held | None:
    is_always = _hours_text(lead, purpose) == calling_hours.ALWAYS and not lead.workspace.days_off
    if purpose is Purpose.BY_HAND or is_always:
        return None
    now = clock.now()
    opening = hours.next_opening(hours_of(lead, purpose), now, zones_of(lead, now))
    return None if opening == now else Held(HeldBecause.CALLING_HOURS, opening)


def hours_of(lead: Lead, purpose: Purpose) -> calling_hours.Hours:
    """Return the hours that hold for a contact. Of a setting that cannot be read, none."""
    try:
        days_off = calling_hours.parse_days_off(lead.workspace.days_off)
        windows = calling_hours.parse(_hours_text(lead, purpose)).windows
        return calling_hours.Hours(windows, days_off)
    except calling_hours.BadHours:
        return calling_hours.Hours(())


def _hours_text(lead: Lead, purpose: Purpose) -> str:
    workspace = lead.workspace
    is_first = purpose is Purpose.FIRST
    return workspace.first_call_hours if is_first else workspace.later_call_hours


def zones_of(lead: Lead, at: datetime) -> tuple[zones.ZoneInfo, ...]:
    """Return the zones in which a lead may be at a moment."""
    return zones.zones_of(
        given=lead.timezone, phone=lead.phone, workspace=lead.workspace.zone_name, at=at
    )


def _attempts_today(lead: Lead, purpose: Purpose) -> Held | None:
    if purpose is Purpose.FIRST:
        return None
    now = clock.now()
    zone = zones_of(lead, now)[0]
    today = now.astimezone(zone).date()
    attempts = _calls_since if lead.workspace.is_voice else _messages_since
    if attempts(lead, hours.beginning_of(today, zone)) < lead.workspace.calls_a_day_per_lead:
        return None
    tomorrow = hours.beginning_of(today + timedelta(days=1), zone)
    opening = hours.next_opening(hours_of(lead, purpose), tomorrow, zones_of(lead, tomorrow))
    return Held(HeldBecause.ATTEMPTS_TODAY, opening)


def _calls_since(lead: Lead, moment: datetime) -> int:
    # A call that waited in vain, for a line or for the account, bothered nobody.
    never_begun = Q(ended_reason__startswith=ended_reasons.NEVER_BEGUN) | Q(
        ended_reason=ended_reasons.NO_LINE
    )
    made = lead.calls.outbound().filter(created_at__gte=moment)
    return int(made.exclude(never_begun, used_budget=False).count())


def _messages_since(lead: Lead, moment: datetime) -> int:
    """Return how many messages without an answer went out to a lead."""
    made = Message.objects.filter(conversation__lead=lead, purpose__in=UNASKED)
    gone = made.filter(status__in=[*GONE_OUT, MessageStatus.SENDING])
    return int(gone.filter(sent_at__gte=moment).count())


def possible_from(lead: Lead, purpose: Purpose, moment: datetime) -> datetime | None:
    """Return the first moment from a given one on at which hours and the day's calls to the lead
    allow a contact, in UTC; None where there is none.
    """
    used_up = _attempts_today(lead, purpose)
    if used_up and used_up.until is None:
        return None
    begin = max(moment, used_up.until) if used_up and used_up.until else moment
    return hours.next_opening(hours_of(lead, purpose), begin, zones_of(lead, begin))


Rule = Callable[[Lead, Purpose], Held | None]
RULES: tuple[Rule, ...] = (
    _do_not_call,
    _paused,
    _not_connected,
    _country,
    _with_person,
    _hours,
    _attempts_today,
)

# In a conversation: the lead waits for the answer, whatever time it is.
ANSWERING = (_do_not_call, _paused, _not_connected, _with_person, _country)
# As what a message counts, and which rules hold it.
OF_MESSAGES: dict[MessagePurpose, tuple[Purpose, tuple[Rule, ...]]] = {
    MessagePurpose.OPENER: (Purpose.FIRST, RULES),
    MessagePurpose.FOLLOW_UP: (Purpose.PLANNED, RULES),
    MessagePurpose.REPLY: (Purpose.PLANNED, ANSWERING),
    MessagePurpose.FALLBACK: (Purpose.PLANNED, ANSWERING),
    MessagePurpose.BY_HAND: (Purpose.BY_HAND, (_do_not_call, _not_connected, _with_person)),
    # The one thing that is said to who is on the do-not-call list by it.
    MessagePurpose.OPT_OUT: (Purpose.BY_HAND, (_not_connected,)),
}


def against_message(
    lead: Lead, purpose: MessagePurpose, *, turn_began: datetime | None = None
) -> Held | None:
    """Return the first rule against writing to a lead now, by `lead.workspace` as it is held.

    turn_began: of the turn that answers. A status that it set itself does not hold its last words.
    """
    counts_as, asked = OF_MESSAGES[purpose]
    for rule in asked:
        held = rule(lead, counts_as)
        if held and not (rule is _with_person and _was_left_by(lead, turn_began)):
            return held
    return None


def _was_left_by(lead: Lead, turn_began: datetime | None) -> bool:
    """Return whether it was a turn itself that left a lead to a person, and nobody took it yet."""
    if turn_began is None or lead.is_closed or lead.owner_id is not None:
        return False
    is_later = lead.status_at is not None and lead.status_at >= turn_began
    return is_later and lead.status_reason in LEFT_BY_AGENT
