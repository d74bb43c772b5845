"""What keeps calls from being placed, from ringing, and from being told of."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TypeVar

from django.utils import timezone

from coachbot.providers.causes import Cause
from coachbot.providers.vapi import ended_reasons
from coachbot.providers.vapi.errors import CAUSES
from leads.calls import inbound
from leads.contact import breaker, lines
from leads.intake import refused
from leads.models import CallQuerySet, CallStatus, HeldBecause, LeadStatus, StatusReason
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
    yield from _held(workspace)
    yield from _refused(workspace, connected_at)
    yield from _failed(workspace, connected_at)
    yield from _untold(workspace)
    yield from _not_answered(workspace)
    yield from _not_put_through(workspace)


def _not_connected(workspace: Workspace) -> Iterator[Trouble]:
    """In a workspace in which nothing has happened yet this is a first step, and no trouble."""
    waiting, since = tally(refused.waiting(workspace))
    if waiting or workspace.leads.accepted().are_there():
        what, why = "Vapi is not connected", "nobody can be called."
        yield Trouble(TroubleCode.VAPI_NOT_CONNECTED, what, why, since)


def _held(workspace: Workspace) -> Iterator[Trouble]:
    """What the breaker holds, and what no line will ever be free for."""
    if breaker.is_open(workspace):
        waiting = workspace.steps.waiting().filter(held_because=HeldBecause.ACCOUNT_FAULT)
        number, _ = tally(waiting)
        wait = f" {counted(number, 'lead waits', 'leads wait')}." if number else ""
        why = f"{breaker.explain(workspace.account_fault)}{wait}"
        what = "Calls that are planned are held"
        yield Trouble(TroubleCode.CALLS_HELD, what, why, workspace.account_held_since)
    if lines.allowed(workspace) == 0:
        why = f"of {lines.total(workspace)} lines {workspace.lines_kept_free} are kept free."
        yield Trouble(TroubleCode.NO_LINES, "The agent may take no line", why)


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
    placed = workspace.calls.outbound().filter(vapi_call_id__isnull=False).order_by("-created_at")
    latest = placed.values_list("created_at", flat=True).first()
    begin = timezone.now() - WINDOW
    return max(latest, begin) if latest else begin


def _mended_at(workspace: Workspace, connected_at: datetime) -> datetime:
    """Return when the account was last entered, or found to be right."""
    verified_at = queries.last_done(workspace, Action.VERIFY_VAPI)
    return max(verified_at, connected_at) if verified_at else connected_at


def _failed(workspace: Workspace, connected_at: datetime) -> Iterator[Trouble]:
    """The latest calls, as far back as they failed for what is wrong with the account."""
    latest = (
        _ended(workspace.calls.outbound())
        .order_by("-created_at")
        .values_list("ended_reason", "created_at")
    )
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


def _ended(calls: CallQuerySet) -> CallQuerySet:
    return calls.filter(status=CallStatus.ENDED, created_at__gte=timezone.now() - WINDOW)


def _not_answered(workspace: Workspace) -> Iterator[Trouble]:
    """The latest calls of leads, as far back as Vapi was not told who answers."""
    latest = _ended(workspace.calls.inbound()).order_by("-created_at")
    rows = latest.values_list("ended_reason", "created_at")[:ENDED_LOOKED_AT]
    lost = [at for reason, at in takewhile(lambda row: _is_not_answered(row[0]), rows)]
    if lost:
        what = f"{counted(len(lost), 'lead', 'leads')} rang and nobody answered"
        why = "Coachbot did not tell Vapi who answers. Call back, and look at the logs."
        yield Trouble(TroubleCode.CALLERS_LOST, what, why, lost[-1])


def _is_not_answered(reason: str) -> bool:
    return reason.startswith(ended_reasons.NOT_ANSWERED)


def _not_put_through(workspace: Workspace) -> Iterator[Trouble]:
    """Leads that asked for a person and got none, until somebody has looked after them."""
    # As the index of those that wait has it.
    waiting = workspace.leads.filter(
        status=LeadStatus.NEEDS_HUMAN,
        status_reason=StatusReason.TRANSFER_FAILED,
        closed_as="",
        next_step_on=None,
    )
    number, since = tally(waiting.filter(status_at__gte=timezone.now() - WINDOW))
    if number:
        what = f"{counted(number, 'lead', 'leads')} could not be put through to a person"
        why = "the call to the transfer number failed. They wait for a person."
        yield Trouble(TroubleCode.TRANSFERS_FAILED, what, why, since)


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
    ).exclude(code=inbound.CODE)  # the number's, and not the assistant's
    latest = events.order_by("-created_at", "-id").values_list("created_at", flat=True).first()
    due = (
        workspace.calls.outbound()
        .filter(
            created_at__gt=latest or now - WINDOW,
            created_at__lt=now - TOLD_AFTER,
            vapi_call_id__isnull=False,
            is_blocked=False,
        )
        .exclude(ended_reason__startswith=ended_reasons.NEVER_BEGUN)
    )
    number, since = tally(due)
    if number:
        calls = counted(number, "call", "calls")
        why = "it does not know where to send events, or sends another secret."
        what = f"Vapi has told nothing of {calls}"
        yield Trouble(TroubleCode.EVENTS_MISSING, what, why, since)
