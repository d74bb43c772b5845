"""May this person be contacted now? The one guard before every call and message.

What it forbids is said as a code; the sentences are for people. Its last word is a condition of
the write that marks a call as about to be sent: that finds its row only while the rules are
still those by which the call was let pass.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery

from coachbot.db.prepared import PreparedUpdate, Statement
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
    HeldBecause.WITH_PERSON: "The lead is closed. Reopen it first.",
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


# The settings that rule_against() judges by. The write that counts a call goes by them too.
JUDGED = ("is_paused", "channel", "allowed_countries", "allowed_number_types")


def _taken(workspace: Any, *judged: Any) -> tuple[QuerySet[DailyCount], dict[str, Any]]:
    # Locked: a setting that is saved at the same moment is saved before, and seen, or after.
    workspaces = Workspace.objects.select_for_update(no_key=True)
    unchanged = workspaces.filter(pk=workspace, **dict(zip(JUDGED, judged, strict=True)))
    limit = Subquery(unchanged.values("daily_call_limit"))
    return daily_count.of_today(workspace).filter(calls__lt=limit), {"calls": F("calls") + 1}


_take_place = PreparedUpdate(
    _taken,
    DailyCount._meta.get_field("workspace"),
    *map(Workspace._meta.get_field, JUDGED),  # type: ignore[arg-type]  # columns, no relations
)


class NoLongerAllowed(Exception):
    """A rule has changed since the gate was asked, or the day is full. Ask it again."""


def rule_against(lead: Lead) -> HeldBecause | None:
    """Return which rule keeps a lead from being contacted, None where none does.

    A lead that a member closed is not contacted by anybody. The others are rules of its workspace,
    by the settings as `lead.workspace` holds them, and without the calls of the day:
    place_of_day() finds out whether that was true. ask() asks the database.
    """
    workspace = lead.workspace
    if lead.is_closed:
        return HeldBecause.WITH_PERSON
    if workspace.is_paused:
        return HeldBecause.PAUSED
    if workspace.channel != Channel.VOICE:
        return HeldBecause.NOT_CONNECTED
    is_allowed = _is_in(lead.phone, workspace.allowed_countries) and number_types.is_allowed(
        lead.phone, workspace.allowed_number_types
    )
    return None if is_allowed else HeldBecause.COUNTRY


def ask(lead: Lead) -> HeldBecause | None:
    """Return why a lead must not be contacted now, None where it may be.

    By the settings as they are now; `lead.workspace` holds them then. Raises
    Workspace.DoesNotExist where that was deleted meanwhile.
    """
    lead.workspace.refresh_from_db(fields=[*JUDGED, "daily_call_limit"])
    if found := rule_against(lead):
        return found
    calls = daily_count.calls_today(lead.workspace_id)
    return HeldBecause.DAILY_LIMIT if calls >= lead.workspace.daily_call_limit else None


def begin_day(workspace_id: int) -> None:
    """Make what place_of_day() counts in, where there is nothing of that day yet."""
    daily_count.begin(workspace_id)


def place_of_day(workspace: Workspace) -> Statement:
    """Return the write that counts a call which is about to be placed, and lets it pass.

    workspace: with the settings by which the gate let the call pass. The write finds no row where
    they have changed, and where the day has not begun or is full: then begin_day(), write once
    more, and else raise NoLongerAllowed and roll back. Last in its transaction: others of the
    workspace, and whoever changes its settings, wait until that is over.
    """
    return _take_place.statement(workspace.pk, *(getattr(workspace, name) for name in JUDGED))


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
