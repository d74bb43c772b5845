"""The export as people read it: words for codes, and times of the workspace's zone."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from leads.contact.sentences import in_short
from leads.models import Call, HeldBecause, Lead
from leads.models.source import source
from leads.reading.export import Layout
from leads.snapshot import inquiry
from workspaces.models import Workspace

COLUMNS = (
    *("Id", "Received", "Name", "Phone", "E-mail", "Status", "Work", "Belongs to"),
    *("Last call", "Last call at", "Summary", "Appointment", "Attempts", "Next call", "Held"),
    *("Next step", "Next step on", "Goal", "What the agent learnt", "Notes of the agent"),
    *("Answers", "Source"),
)
_calls = Call.objects.filter(lead=OuterRef("pk")).order_by("-created_at")


def layout(workspace: Workspace, zone: tzinfo) -> Layout:
    """Return the columns. zone: in which times are told; a line of its own could not say it."""

    def values(lead: Lead) -> Iterator[Any]:
        return _values(workspace, lead, zone)

    moments = ("Received", "Last call at", "Appointment", "Next call")
    headings = [f"{name} ({zone})" if name in moments else name for name in COLUMNS]
    return Layout(headings, COLUMNS.index("Phone"), values, _read)


def _read(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    return leads.annotate(
        came_from=source(),
        called_at=Subquery(_calls.values("created_at")[:1]),
        told=Subquery(_calls.exclude(summary="").values("summary")[:1]),
    )


def _values(workspace: Workspace, lead: Any, zone: tzinfo) -> Iterator[Any]:
    followed = inquiry.follow_up_in(workspace, lead)
    yield lead.pk
    yield _local(lead.created_at, zone)
    yield from (lead.name, lead.phone, lead.email, lead.get_status_display())
    yield lead.get_closed_as_display() if lead.is_closed else "Open"
    yield lead.owner_name
    yield from (lead.get_last_outcome_display(), _local(lead.called_at, zone), lead.told)
    yield _local(lead.booking_start, zone)
    yield from _follow_up(workspace, followed, zone)
    yield from (lead.next_step, lead.next_step_on, lead.goal)
    yield _lines(lead.profile.items())
    yield from (lead.qualification_notes, _lines(lead.answers), lead.came_from)


def _follow_up(
    workspace: Workspace, followed: inquiry.FollowUp | None, zone: tzinfo
) -> tuple[str, str, str]:
    if followed is None:
        return "", "", ""
    held = in_short(workspace, HeldBecause(followed.held_because)) if followed.held_because else ""
    made = f"{followed.attempts_made} of {followed.attempts_planned}"
    return made, _local(followed.next_attempt_at, zone), held


def _local(moment: datetime | None, zone: tzinfo) -> str:
    """Return a moment as spreadsheets read one: 2026-11-26 09:00."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _lines(pairs: Any) -> str:
    return "\n".join(f"{name}: {text}" for name, text in pairs)
