"""What a workspace lets its agent dial: how many calls a day, and to which countries.

A stolen API key must not run up a bill without bound.
"""

from datetime import UTC, datetime, time

import phonenumbers
from django.utils import timezone

from leads.models import Call


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
    others = workspace.calls.filter(created_at__gte=midnight).exclude(pk=call.pk)
    if others.count() >= workspace.daily_call_limit:
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
