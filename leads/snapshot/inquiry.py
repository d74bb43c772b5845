"""Reading one lead, its latest call or conversation, and its follow-up: what
GET /api/public/leads/<id> tells.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coachbot.db.prepared import PreparedQuery
from leads.models import GONE_OUT, UNASKED, WAITING, Call, Lead, LeadStatus, Message, Step
from leads.snapshot import conversations
from workspaces.models import Workspace

_LEAD_COLUMNS = [field.attname for field in Lead._meta.concrete_fields]
# The turns are large, and no answer of the API has them.
_CALL_COLUMNS = [f.attname for f in Call._meta.concrete_fields if f.attname != "turns"]

_rang = Call.objects.filter(lead=OuterRef("pk"), used_budget=True).order_by().values("lead")
_planned = Step.objects.planned().filter(lead=OuterRef("pk"))
_written = Message.objects.filter(
    conversation__lead=OuterRef("pk"), purpose__in=UNASKED, status__in=GONE_OUT
)
_skipped = Step.objects.skipped().filter(lead=OuterRef("pk")).order_by().values("lead")


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


_FOLLOW_UP = {
    "attempts_made": _number(_rang)
    + _number(_skipped)
    + _number(_written.order_by().values("conversation__lead")),
    "step_due_at": Subquery(_planned.values("due_at")),
    "step_held_because": Subquery(_planned.values("held_because")),
}
# One query where two would do the same for a fifth more of the whole request.
_lead_and_latest_call = PreparedQuery(
    lambda workspace, lead: (
        Lead.objects.accepted()
        .filter(workspace=workspace, pk=lead)
        .order_by("-calls__created_at")
        .annotate(**_FOLLOW_UP)
        .values_list(*_LEAD_COLUMNS, *(f"calls__{column}" for column in _CALL_COLUMNS), *_FOLLOW_UP)
    ),
    Lead._meta.get_field("workspace"),
    Lead._meta.pk,
)


@dataclass(frozen=True)
class FollowUp:
    """How far a lead is followed. attempts_made: those that rang, or that a member skipped.
    attempts_planned: all of them.

    next_attempt_at: when, or at the earliest. held_because: a code of HeldBecause.
    is_planned: whether the agent goes on by itself.
    """

    attempts_made: int
    attempts_planned: int
    next_attempt_at: datetime | None = None
    held_because: str | None = None
    is_planned: bool = False


@dataclass(frozen=True)
class Inquiry:
    """A lead, its latest call, its follow-up where there is one, and the conversation with a lead
    that is written to.
    """

    lead: Lead
    call: Call | None
    follow_up: FollowUp | None
    conversation: conversations.Told | None = None


def find_lead(workspace: Workspace, lead_id: uuid.UUID | None) -> Inquiry | None:
    """Return what is known of an accepted lead of a workspace; None where there is none."""
    row = _lead_and_latest_call.first(workspace.pk, lead_id)
    if row is None:
        return None
    calls_from, follow_up_from = len(_LEAD_COLUMNS), len(_LEAD_COLUMNS) + len(_CALL_COLUMNS)
    of_lead, of_call = row[:calls_from], row[calls_from:follow_up_from]
    lead = Lead.from_db(DEFAULT_DB_ALIAS, _LEAD_COLUMNS, of_lead)
    # The columns of a lead without a call are all empty.
    has_call = of_call[_CALL_COLUMNS.index("id")] is not None
    call = Call.from_db(DEFAULT_DB_ALIAS, _CALL_COLUMNS, of_call) if has_call else None
    made, due_at, step_held = row[follow_up_from:]
    followed = follow_up(workspace, lead, made, due_at, step_held, has_call=has_call)
    return Inquiry(lead, call, followed, conversations.of_lead(lead))


def followed(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Return leads with what follow_up_in() reads of each: for lists, without a query for each."""
    return leads.annotate(**_FOLLOW_UP, has_call=Exists(Call.objects.filter(lead=OuterRef("pk"))))


def follow_up_in(workspace: Workspace, lead: Any) -> FollowUp | None:
    """Return how far a lead of followed() is followed."""
    return follow_up(
        workspace,
        lead,
        lead.attempts_made,
        lead.step_due_at,
        lead.step_held_because,
        has_call=lead.has_call,
    )


def follow_up(
    workspace: Workspace,
    lead: Lead,
    made: int,
    due_at: datetime | None,
    step_held: str | None,
    *,
    has_call: bool,
) -> FollowUp | None:
    """Return how far a lead is followed, by the attempts that were made and the step that is
    planned; None where the first contact is made, and nothing more is planned.
    """
    held = step_held or lead.held_because
    is_planned = due_at is not None
    if held in WAITING:  # for something that comes at no known time
        due_at = None
    planned = workspace.plan.attempts
    is_begun = has_call if workspace.is_voice else made > 0 or lead.status != LeadStatus.NEW
    if is_begun and not (planned > 1 or held or due_at):
        return None
    # A plan that was made shorter since does not undo attempts.
    return FollowUp(min(made, planned), planned, due_at, held or None, is_planned)


def latest_call(lead: Lead) -> Call | None:
    """Return the call to a lead that was made last, or None."""
    return lead.calls.order_by("-created_at").first()
