"""May this person be contacted now? The one guard before every call and message.

It goes by the workspace's settings as they are at that moment. What it forbids is said as a
code; the sentences are for people.
"""

from datetime import datetime

from django.db.models import Subquery

from coachbot.db.prepared import PreparedQuery, Statement
from leads.contact import daily_count
from leads.intake import phones
from leads.models import HeldBecause, Lead
from workspaces.models import Channel, Workspace

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


# One round trip for both: the settings, and the calls of the day; NULL before the first.
_rules_of = PreparedQuery(
    lambda workspace: Workspace.objects.filter(pk=workspace).values_list(
        *("is_paused", "channel", "allowed_countries", "daily_call_limit"),
        Subquery(daily_count.of_today(workspace).values("calls")),
    ),
    Workspace._meta.pk,
)


class GateHasClosed(Exception):
    """Since the gate was asked, a rule has changed, or another call took the day's last place."""


def ask(lead: Lead) -> HeldBecause | None:
    """Return why a lead must not be contacted now, None where it may be.

    Ask it right before writing down what is about to be sent; that takes a place of the day,
    by place_of_day(), while the rules are those that were judged by here: they are left on the
    lead's workspace. Raises Workspace.DoesNotExist where that was deleted meanwhile.
    """
    found = _rules_of.first(lead.workspace_id)
    if found is None:
        raise Workspace.DoesNotExist
    is_paused, channel, countries, limit, calls = found
    rules = lead.workspace
    rules.is_paused, rules.channel, rules.allowed_countries = is_paused, channel, countries
    rules.daily_call_limit = limit
    if is_paused:
        return HeldBecause.PAUSED
    if channel != Channel.VOICE:
        return HeldBecause.NOT_CONNECTED
    if countries and not phones.is_in(lead.phone, countries.split(",")):
        return HeldBecause.COUNTRY
    return HeldBecause.DAILY_LIMIT if (calls or 0) >= limit else None


def begin_day(workspace_id: int) -> None:
    """Make what place_of_day() counts in, where there is nothing of that day yet."""
    daily_count.begin(workspace_id)


def place_of_day(workspace: Workspace) -> Statement:
    """Return the write that counts a call which is about to be placed, and lets it pass.

    workspace: as ask() has left it. Where the write finds no row, the day has not begun or is
    full, or the rules are others by now: then begin_day(), write once more, and else raise
    GateHasClosed and roll back. In a transaction, and last in it: others of the workspace, and
    whoever changes its rules, wait until it is over.
    """
    return daily_count.taking(workspace)


def give_place_back(workspace_id: int, at: datetime) -> None:
    """Take a call that was not placed out of the count of the day on which it was made."""
    daily_count.give_back(workspace_id, daily_count.day_of(at))


def sentence(lead: Lead, code: HeldBecause | str) -> str:
    """Return what a code means for a lead, and what to do about it."""
    return SENTENCES[HeldBecause(code)].format(
        country=phones.country_of(lead.phone) or "this country",
        limit=lead.workspace.daily_call_limit,
    )
