"""What a workspace lets its agent dial: how many calls a day, to which countries, and with
which account.

A stolen API key must not run up a bill without bound.
"""

from datetime import UTC, datetime, time

import phonenumbers
from django.db.models import Count, Subquery
from django.utils import timezone

from coachbot.prepared import PreparedQuery
from coachbot.providers import vapi
from leads.models import Call
from workspaces import credentials
from workspaces.models import Workspace


def _others_since(workspace, call, moment) -> Subquery:
    """Count the calls of a workspace, but for one, since a moment; NULL where none was made."""
    others = Call.objects.filter(workspace=workspace, created_at__gte=moment).exclude(pk=call)
    return Subquery(others.values("workspace").annotate(calls=Count("pk")).values("calls"))


# One round trip for both: each is waited for by all who want to place a call.
_account_and_others = PreparedQuery(
    lambda workspace, call, moment: credentials.sealed_vapi(workspace).values_list(
        "sealed", _others_since(workspace, call, moment)
    ),
    Call._meta.get_field("workspace"),
    Call._meta.pk,
    Call._meta.get_field("created_at"),
)


class NotAllowed(Exception):
    """The workspace's own settings forbid the call; `str()` names the setting."""


def account_for(call: Call) -> vapi.Account:
    """Return the account with which a call that open_call() made may be placed.

    Raises NotAllowed where it must not be; credentials.NotConnected and CannotUnseal.
    Calls that are being placed count, so simultaneous requests may at worst refuse each
    other. Days are UTC days.
    """
    workspace = call.workspace
    _check_country(workspace, call.lead.phone)
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    found = _account_and_others.first(workspace.pk, call.pk, midnight)
    sealed, others = found or (None, 0)
    if (others or 0) >= workspace.daily_call_limit:
        raise NotAllowed(
            f"The limit of {workspace.daily_call_limit} calls a day is reached. It starts anew "
            "at midnight UTC, or raise Calls a day (`daily_call_limit`) in the workspace's "
            "settings."
        )
    return credentials.open_vapi(workspace.pk, sealed)


def _check_country(workspace: Workspace, phone: str) -> None:
    allowed = [code for code in workspace.allowed_countries.split(",") if code]
    if allowed and (country := country_of(phone)) not in allowed:
        raise NotAllowed(
            f"Calls to {country or 'this country'} are not allowed. "
            "Add the country under Countries that may be called (`allowed_countries`) "
            "in the workspace's settings."
        )


def country_of(phone: str) -> str | None:
    """Return the ISO 3166 code of a number's country, or None where it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
