"""The lines of a workspace's Vapi account: how many calls may go on at once, and how many do.

How many there are is set, or learnt from Vapi. Beside that stands what was seen: when Vapi says
that no line is free though by our count one is, somebody else uses the account, and so many calls
of ours as went on then are all that there is room for, until one more is tried.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from coachbot.db import clock
from coachbot.providers.vapi.ended_reasons import NO_LINE
from leads.models import Call, CallStatus
from workspaces.connections import credentials
from workspaces.models import CredentialKind, Workspace

# After Vapi said that no line is free, one call more than there was room for is tried.
PAUSE = timedelta(seconds=20)
# What was seen so long ago says nothing any more.
SEEN_FOR = timedelta(minutes=10)
# How long ago a call may have been made that ends now, to find it by an index.
LOOKED_BACK = timedelta(hours=1)
WITHOUT_LINE = ("call.start.error-subscription-concurrency-limit-reached", NO_LINE)
SETTINGS = ("lines", "lines_kept_free", "learnt_lines", "lines_full_at", "lines_seen")


def total(workspace: Workspace) -> int | None:
    """Return how many lines the account has; None where that is not known."""
    return workspace.learnt_lines if workspace.lines is None else workspace.lines


def allowed(workspace: Workspace) -> int | None:
    """Return how many lines the agent may take; None where that is not known."""
    lines = total(workspace)
    return None if lines is None else max(0, lines - workspace.lines_kept_free)


def taken(workspace_id: int) -> int:
    """Return how many calls of a workspace go on."""
    return int(Call.objects.going_on().filter(workspace=workspace_id).count())


def are_full(workspace: Workspace) -> bool:
    """Return whether no line is left for one more call. By the settings as they are held."""
    lines = allowed(workspace)
    return lines is not None and taken(workspace.pk) >= lines


def are_over(workspace: Workspace) -> bool:
    """Return whether more calls go on than may: after the call is written that may be too many.

    In its transaction, once the row of the workspace is locked, and as a statement of its own: so
    it sees what those have committed who held the lock before.
    """
    if total(workspace) is None:
        return False
    found = Workspace.objects.filter(pk=workspace.pk).annotate(going=_taken(workspace.pk))
    now = found.only(*SETTINGS).first()
    lines = allowed(now) if now else 0
    return now is None or (lines is not None and now.going > lines)


def learn(workspace: Workspace, number: int, *, asked_at: datetime) -> None:
    """Keep how many lines Vapi says that the account has with which it was asked then."""
    connected_at = credentials.changed_at(workspace.pk, CredentialKind.VAPI)
    if connected_at and connected_at < asked_at:
        workspace.learnt_lines = number
        Workspace.objects.filter(pk=workspace.pk).update(learnt_lines=number)


def note_full(call: Call) -> None:
    """Note that Vapi had no line for a call, which does not go on any more, or does not yet.

    There was room for as many others as went on at some time since it was made: rather too many
    than too few, as one too many is found out when it is tried, and a line that rests is not.
    """
    others = Call.objects.filter(workspace=call.workspace_id).exclude(pk=call.pk)
    room = (
        _known_to_go(others).count()
        + others.filter(
            ~Q(ended_reason__in=WITHOUT_LINE),
            status=CallStatus.ENDED,
            is_blocked=False,
            ended_at__gte=call.created_at,
            created_at__gte=call.created_at - LOOKED_BACK,
        ).count()
    )
    Workspace.objects.filter(pk=call.workspace_id).update(lines_full_at=Now(), lines_seen=room)


def note_placed(workspace: Workspace) -> None:
    """Note that Vapi had a line for a call: there is room for as many as go on now."""
    if workspace.lines_full_at is not None:
        note_begun(workspace.pk)


def note_begun(workspace_id: int) -> None:
    """Note that a call goes on, also one that waited for a line at Vapi, which began it itself."""
    going = _known_to_go(Call.objects.filter(workspace=workspace_id)).count()
    rows = Workspace.objects.filter(pk=workspace_id, lines_seen__lt=going)
    rows.update(lines_seen=going)


def _known_to_go(calls: Any) -> Any:
    """Return those that Vapi took, and gave a line: of one that is being placed nobody knows it."""
    return calls.going_on().exclude(status=CallStatus.DIALING)


def seen(workspace: Workspace) -> int | None:
    """Return for how many calls there was room when Vapi last had no line; None long after."""
    at = workspace.lines_full_at
    return None if at is None or at < clock.now() - SEEN_FOR else workspace.lines_seen


def may_try_more(workspace: Workspace) -> bool:
    """Return whether it is time to try one call more than there was room for."""
    return workspace.lines_full_at is None or workspace.lines_full_at < clock.now() - PAUSE


def are_seen_full(workspace: Workspace) -> bool:
    """Return whether there was room for no more calls than go on now."""
    room = seen(workspace)
    return room is not None and taken(workspace.pk) >= room


def _taken(workspace_id: int) -> Coalesce:
    going: QuerySet[Any] = Call.objects.going_on().filter(workspace=workspace_id).order_by()
    counted = going.values("workspace").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
