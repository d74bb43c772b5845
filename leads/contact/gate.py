"""May this person be contacted now? The one guard before every call and message.

It goes by the workspace's settings as they are at that moment. What it forbids is said as a
code; the sentences are for people.
"""

from datetime import datetime

from django.db.models import Subquery
from django.utils import timezone

from coachbot.db.prepared import PreparedQuery, Statement
from leads.contact import daily_count, number_types
from leads.intake import phones
from leads.models import DailyCount, HeldBecause, Lead
from workspaces.models import Channel, NumberType, Workspace

SENTENCES = {
    HeldBecause.PAUSED: "The agent is paused. Resume it in the settings first.",
    HeldBecause.COUNTRY: (
        "Calls to {country} are not allowed. Add the country under Countries that may be called "
        "(`allowed_countries`) in the workspace's settings."
    ),
    HeldBecause.DAILY_LIMIT: (
        "The limit of {limit} calls a day is reached. It starts anew at midnight UTC, or raise "
        "Calls a day (`daily_call_limit`) in the workspace's settings."
    ),
    HeldBecause.NOT_CONNECTED: "WhatsApp is not connected to this workspace yet.",
}
# Further meanings of HeldBecause.COUNTRY.
EXPENSIVE = (
    "Calls to {kind} are not allowed. Tick that kind under Expensive numbers that may be called "
    "(`allowed_number_types`) in the workspace's settings."
)
KINDS = {
    NumberType.PREMIUM_RATE: "premium-rate numbers",
    NumberType.PERSONAL: "personal numbers, which are forwarded at a price of their own,",
    NumberType.SHARED_COST: "shared-cost numbers",
    NumberType.SATELLITE: "satellite numbers, and others that have no country,",
}
NOWHERE = (
    "This number belongs to no country. It is called where Countries that may be called "
    "(`allowed_countries`) is empty in the workspace's settings."
)


# One round trip for both: the settings, and the calls of the day; NULL before the first.
_rules_of = PreparedQuery(
    lambda workspace, day: Workspace.objects.filter(pk=workspace).values_list(
        *("is_paused", "channel", "allowed_countries", "allowed_number_types", "daily_call_limit"),
        Subquery(daily_count.of_day(workspace, day).values("calls")),
    ),
    Workspace._meta.pk,
    DailyCount._meta.get_field("day"),
)


class DayIsFull(Exception):
    """Another call took the last place of the day since the gate was asked."""


def ask(lead: Lead) -> HeldBecause | None:
    """Return why a lead must not be contacted now, None where it may be.

    Ask it right before writing down what is about to be sent; that takes a place of the day,
    by place_of_day(). Raises Workspace.DoesNotExist where that was deleted meanwhile.
    """
    today = daily_count.day_of(timezone.now())
    found = _rules_of.first(lead.workspace_id, today)
    if found is None:
        raise Workspace.DoesNotExist
    is_paused, channel, countries, kinds, limit, calls = found
    if is_paused:
        return HeldBecause.PAUSED
    if channel != Channel.VOICE:
        return HeldBecause.NOT_CONNECTED
    if not (_is_in(lead.phone, countries) and number_types.is_allowed(lead.phone, kinds)):
        return HeldBecause.COUNTRY
    return HeldBecause.DAILY_LIMIT if (calls or 0) >= limit else None


def begin_day(workspace_id: int, at: datetime) -> None:
    """Make what place_of_day() counts in, where there is nothing of that day yet."""
    daily_count.begin(workspace_id, daily_count.day_of(at))


def place_of_day(workspace_id: int, at: datetime) -> Statement:
    """Return the write that counts a call which is about to be placed, at a moment (aware).

    Where it finds no row, the day has not begun or is full: then begin_day(), write once more,
    and else raise DayIsFull and roll back. Last in its transaction: others of the workspace wait
    for that row until it is over.
    """
    return daily_count.taking(workspace_id, daily_count.day_of(at))


def give_place_back(workspace_id: int, at: datetime) -> None:
    """Take a call that was not placed out of the count of the day on which it was made."""
    daily_count.give_back(workspace_id, daily_count.day_of(at))


def sentence(lead: Lead, code: HeldBecause | str) -> str:
    """Return what a code means for a lead, and what to do about it."""
    if code == HeldBecause.COUNTRY:
        return _sentence_on_number(lead)
    return SENTENCES[HeldBecause(code)].format(limit=lead.workspace.daily_call_limit)


def _sentence_on_number(lead: Lead) -> str:
    """Return which rule about numbers holds a lead; where none does any more, which did."""
    workspace, kind = lead.workspace, number_types.type_of(lead.phone)
    is_kind_allowed = number_types.is_allowed(lead.phone, workspace.allowed_number_types)
    if kind and (_is_in(lead.phone, workspace.allowed_countries) or not is_kind_allowed):
        return EXPENSIVE.format(kind=KINDS[kind])
    country = phones.country_of(lead.phone)
    return SENTENCES[HeldBecause.COUNTRY].format(country=country) if country else NOWHERE


def _is_in(phone: str, countries: str) -> bool:
    return not countries or phones.is_in(phone, countries.split(","))
