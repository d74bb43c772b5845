"""What keeps calls from being placed, from ringing, and from being told of."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from coachbot.providers.causes import Cause
from coachbot.providers.vapi import ended_reasons
from coachbot.providers.vapi.errors import CAUSES
from leads.intake import refused
from leads.models import CallStatus
from leads.reading.troubles.trouble import MOST, WINDOW, Trouble, TroubleCode, counted, tally
from workspaces.connections import credentials
from workspaces.log import queries
from workspaces.log.actions import Action
from workspaces.models import CredentialKind, LogKind, Workspace

# Vapi tells of a call within seconds; where only its end is told of, once that has come.
TOLD_AFTER = timedelta(minutes=15)
ENDED_LOOKED_AT = 100

Kind = TypeVar("Kind", bound=Hashable)


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield what is wrong with the calls of a voice workspace."""
    connected_at = credentials.changed_at(workspace.pk, CredentialKind.VAPI)
    if connected_at is None:
        yield from _not_connected(workspace)
        return
    yield from _refused(workspace, connected_at)
    yield from _failed(workspace, connected_at)
    yield from _untold(workspace)


def _not_connected(workspace: Workspace) -> Iterator[Trouble]:
    """In a workspace in which nothing has happened yet this is a first step, and no trouble."""
    waiting, since = tally(refused.waiting(workspace))
    if waiting or workspace.leads.accepted().exists():
        what, why = "Vapi is not connected", "nobody can be called."
        yield Trouble(TroubleCode.VAPI_NOT_CONNECTED, what, why, since)


def _refused(workspace: Workspace, connected_at: datetime) -> Iterator[Trouble]:
    """Calls that Vapi has refused since it took one."""
    found = queries.dispatch_failures(workspace, since=_last_placed(workspace))
    rows = found.order_by("-created_at", "-id").values_list("error_code", "created_at")[:MOST]
    failures = [(CAUSES.explain(code), at) for code, at in rows]
    mended_at = _mended_at(workspace, connected_at) if failures else connected_at
    lasting = [
        (cause, at)
        for cause, at in failures
        if not (cause.is_of_lead or (cause.is_ours and at < mended_at))
    ]
    for cause, number, since in _by_kind(lasting):
        yield _of_cause(cause, number, since)


def _of_cause(cause: Cause, number: int, since: datetime) -> Trouble:
    code = TroubleCode.VAPI_ACCOUNT_WRONG if cause.is_ours else TroubleCode.CALLS_REFUSED
    what = f"{counted(number, 'call', 'calls')} could not be placed"
    return Trouble(code, what, f"{cause.title}. {cause.fix}", since)


def _last_placed(workspace: Workspace) -> datetime:
    placed = workspace.calls.filter(vapi_call_id__isnull=False).order_by("-created_at")
    latest = placed.values_list("created_at", flat=True).first()
    begin = timezone.now() - WINDOW
    return max(latest, begin) if latest else begin


def _mended_at(workspace: Workspace, connected_at: datetime) -> datetime:
    """Return when the account was last entered, or found to be right."""
    verified_at = queries.last_done(workspace, Action.VERIFY_VAPI)
    return max(verified_at, connected_at) if verified_at else connected_at


def _failed(workspace: Workspace, connected_at: datetime) -> Iterator[Trouble]:
    """The latest calls, as far back as they failed for what is wrong with the account."""
    ended = workspace.calls.filter(status=CallStatus.ENDED, created_at__gte=timezone.now() - WINDOW)
    latest = ended.order_by("-created_at").values_list("ended_reason", "created_at")
    faults = []
    for reason, at in latest[:ENDED_LOOKED_AT]:
        explanation = ended_reasons.explain(reason)
        if explanation not in ended_reasons.ACCOUNT_FAULTS:
            break
        is_mended = explanation in ended_reasons.IN_SETTINGS and at < connected_at
        if not is_mended:
            faults.append((explanation, at))
    for explanation, number, since in _by_kind(faults):
        what = f"{counted(number, 'call', 'calls')} came to nothing"
        yield Trouble(TroubleCode.CALLS_FAILED, what, explanation.sentence, since)


def _by_kind(
    rows: Iterable[tuple[Kind, datetime]],
) -> list[tuple[Kind, int, datetime]]:
    """Return each kind with how often it is there, and since when; the most frequent first."""
    found: dict[Kind, list[datetime]] = {}
    for kind, at in rows:
        found.setdefault(kind, []).append(at)
    groups = [(kind, len(times), min(times)) for kind, times in found.items()]
    return sorted(groups, key=lambda group: -group[1])


def _untold(workspace: Workspace) -> Iterator[Trouble]:
    """Calls of which Vapi told nothing, since it last told of one."""
    now = timezone.now()
    events = workspace.log.filter(
        kind=LogKind.PROVIDER_EVENT, code__startswith="vapi.", created_at__gte=now - WINDOW
    )
    latest = events.order_by("-created_at", "-id").values_list("created_at", flat=True).first()
    due = workspace.calls.filter(
        created_at__gt=latest or now - WINDOW,
        created_at__lt=now - TOLD_AFTER,
        vapi_call_id__isnull=False,
        is_blocked=False,
    ).exclude(ended_reason__startswith=ended_reasons.NEVER_BEGUN)
    number, since = tally(due)
    if number:
        calls = counted(number, "call", "calls")
        why = "it does not know where to send events, or sends another secret."
        what = f"Vapi has told nothing of {calls}"
        yield Trouble(TroubleCode.EVENTS_MISSING, what, why, since)
