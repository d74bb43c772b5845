"""What a workspace lets its agent dial: how many calls a day, and to which countries.

A stolen API key must not run up a bill without bound.
"""

from datetime import UTC, datetime, time

import phonenumbers
from django.db.models import Count
from django.utils import timezone

from coachbot.prepared import PreparedQuery
from leads.models import Call

# How many calls of a workspace, but for one, were made since a moment; no row where none was.
_others_since = PreparedQuery(
    lambda workspace, call, moment: (
        Call.objects.filter(workspace=workspace, created_at__gte=moment)
        .exclude(pk=call)
        .values("workspace")
        .annotate(calls=Count("pk"))
        .values_list("calls")
    ),
    Call._meta.get_field("workspace"),
    Call._meta.pk,
    Call._meta.get_field("created_at"),
)


class NotAllowed(Exception):
    """The workspace's own settings forbid the call; `str()` names the setting."""


def check_call(call: Call) -> None:
    """Raise NotAllowed where a call that open_call() made must not be placed.

    Calls that are being placed count, so simultaneous requests may at worst refuse each
    other. Days are UTC days.
    """
    workspace = call.workspace
    allowed = [code for code in workspace.allowed_countries.split(",") if code]
    if allowed and (country := country_of(call.lead.phone)) not in allowed:
        raise NotAllowed(
            f"Calls to {country or 'this country'} are not allowed. "
            "Add the country under Countries that may be called (`allowed_countries`) "
            "in the workspace's settings."
        )
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    [others] = _others_since.first(workspace.pk, call.pk, midnight) or [0]
    if others >= workspace.daily_call_limit:
        raise NotAllowed(
            f"The limit of {workspace.daily_call_limit} calls a day is reached. It starts anew "
            "at midnight UTC, or raise Calls a day (`daily_call_limit`) in the workspace's "
            "settings."
        )


def country_of(phone: str) -> str | None:
    """Return the ISO 3166 code of a number's country, or None where it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
