"""What a workspace lets its agent dial: how many calls a day, to which countries, and with
which account.

A stolen API key must not run up a bill without bound.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, Subquery
from django.utils import timezone

from coachbot.db.prepared import PreparedQuery
from coachbot.providers.vapi import client as vapi
from leads.calls import attempts
from leads.intake import phones
from leads.models import Call
from workspaces.connections import credentials
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


# A call that was made this long ago is written by now, or it will never be sent. Five seconds
# of it are for the clocks of several machines.
SETTLED_AFTER = attempts.SEND_WITHIN + timedelta(seconds=5)
# With so many calls to count, those that are settled are remembered, in steps of this length.
MANY, STEP = 500, timedelta(seconds=5)


@dataclass(frozen=True)
class _Tally:
    """The calls of a workspace from a midnight until a moment, which can only get fewer."""

    midnight: datetime
    until: datetime
    calls: int = 0


_tallies: dict[int, _Tally] = {}  # by workspace, of its latest busy day


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
    tally = _tally_of(workspace)
    sealed, others = _look_up(call, since=tally.until)
    if tally.calls and tally.calls + others >= workspace.daily_call_limit:
        # Some of those that are remembered may have been erased: all are counted anew.
        _tallies.pop(workspace.pk, None)
        tally = _Tally(tally.midnight, until=tally.midnight)
        sealed, others = _look_up(call, since=tally.until)
    _check_limit(workspace, tally.calls + others)
    if others > MANY:
        _count_on(workspace, tally)
    return credentials.open_vapi(workspace.pk, sealed)


def _look_up(call: Call, *, since: datetime) -> tuple[str | None, int]:
    """Return the workspace's sealed account, and how many other calls it has since a moment."""
    sealed, others = _account_and_others.first(call.workspace_id, call.pk, since) or (None, 0)
    return sealed, others or 0


def _tally_of(workspace: Workspace) -> _Tally:
    """Return what is counted of the workspace's day already."""
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    tally = _tallies.get(workspace.pk)
    return tally if tally and tally.midnight == midnight else _Tally(midnight, midnight)


def _check_limit(workspace: Workspace, calls: int) -> None:
    limit = workspace.daily_call_limit
    if calls >= limit:
        raise NotAllowed(
            f"The limit of {limit} calls a day is reached. It starts anew "
            "at midnight UTC, or raise Calls a day (`daily_call_limit`) in the workspace's "
            "settings."
        )


def _count_on(workspace: Workspace, tally: _Tally) -> None:
    """Add to a tally the calls that are settled by now."""
    until = timezone.now() - SETTLED_AFTER
    if until - tally.until < STEP:
        return
    settled = Call.objects.filter(
        workspace=workspace, created_at__gte=tally.until, created_at__lt=until
    )
    _tallies[workspace.pk] = _Tally(tally.midnight, until, tally.calls + settled.count())


def _check_country(workspace: Workspace, phone: str) -> None:
    allowed = [code for code in workspace.allowed_countries.split(",") if code]
    if allowed and not phones.is_in(phone, allowed):
        raise NotAllowed(
            f"Calls to {phones.country_of(phone) or 'this country'} are not allowed. "
            "Add the country under Countries that may be called (`allowed_countries`) "
            "in the workspace's settings."
        )
