"""May this person be contacted now? The one guard before every call and message.

It goes by the workspace's settings as they are at that moment. What it forbids is said as a
code; the sentences are for people.
"""

from datetime import datetime

from django.utils import timezone

from leads.contact import daily_count
from leads.intake import phones
from leads.models import HeldBecause, Lead
from workspaces.models import Workspace

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


class DayIsFull(Exception):
    """Another call took the last place of the day since the gate was asked."""


def ask(lead: Lead) -> HeldBecause | None:
    """Return why a lead must not be contacted now, None where it may be.

    Ask it in the transaction that writes down what is about to be sent, and call take_place()
    at its end. Raises Workspace.DoesNotExist where that was deleted meanwhile.
    """
    now = timezone.now()
    workspace = Workspace.objects.get(pk=lead.workspace_id)
    if workspace.is_paused:
        return HeldBecause.PAUSED
    if not workspace.is_voice:
        return HeldBecause.NOT_CONNECTED
    if not _is_allowed(workspace, lead.phone):
        return HeldBecause.COUNTRY
    if daily_count.made(workspace.pk, daily_count.day_of(now)) >= workspace.daily_call_limit:
        return HeldBecause.DAILY_LIMIT
    return None


def _is_allowed(workspace: Workspace, phone: str) -> bool:
    allowed = [code for code in workspace.allowed_countries.split(",") if code]
    return not allowed or phones.is_in(phone, allowed)


def take_place(workspace_id: int, at: datetime) -> None:
    """Count a call that is about to be placed, at a moment (aware). Raises DayIsFull.

    Last in its transaction: others of the workspace wait for that row until it is over.
    """
    if not daily_count.take(workspace_id, daily_count.day_of(at)):
        raise DayIsFull


def give_place_back(workspace_id: int, at: datetime) -> None:
    """Take a call that was not placed out of the count of the day on which it was made."""
    daily_count.give_back(workspace_id, daily_count.day_of(at))


def sentence(lead: Lead, code: HeldBecause | str) -> str:
    """Return what a code means for a lead, and what to do about it."""
    return SENTENCES[HeldBecause(code)].format(
        country=phones.country_of(lead.phone) or "this country",
        limit=lead.workspace.daily_call_limit,
    )
