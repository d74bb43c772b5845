"""People whose first call was refused, and taking them in after all.

A lead whose call cannot be placed is withdrawn, and its submission kept (calls.placing.withdrawn).
It waits here until the phone is a lead: by the site's own retry, or by a member. Both go through
submit_lead(), where the constraint on workspace and phone decides, so nobody is taken in twice.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from coachbot.deadline import Deadline
from coachbot.providers.causes import Cause
from coachbot.providers.vapi.errors import CAUSES
from leads.calls.placing import concurrency, lease
from leads.calls.placing.errors import CallNotConfirmed
from leads.intake import phones, submit, twins
from leads.intake.submission import CameBy, Origin, Submission
from leads.models import Lead, RefusedSubmission
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

# How many are taken in by one request, which ends in time whatever Vapi does.
MOST_AT_ONCE = 20


class NotWaiting(LookupError):
    """The person is not in the list any more: taken in, or removed."""


@dataclass
class Round:
    """What became of taking in several people. stopped_by: why no more were tried."""

    called: int = 0
    held: int = 0
    known: int = 0
    refused: int = 0
    stopped_by: str = ""


def waiting(workspace: Workspace) -> QuerySet[RefusedSubmission]:
    """Return the refused submissions of a workspace whose phone is no lead of it."""
    leads = Lead.objects.filter(workspace=OuterRef("workspace"), phone=OuterRef("phone"))
    return workspace.refused_submissions.filter(~Exists(leads))


def waiting_for_account(workspace: Workspace) -> QuerySet[RefusedSubmission]:
    """Return those of them whose call another try may place: nothing was wrong with the person."""
    return waiting(workspace).exclude(error_code__in=CAUSES.of_lead)


def find(workspace: Workspace, refused_id: uuid.UUID) -> RefusedSubmission:
    """Return one that waits. Raises NotWaiting."""
    found = waiting(workspace).select_related("workspace").filter(pk=refused_id).first()
    if found is None:
        raise NotWaiting("This person is not in the list any more.")
    return found


def take_in(
    *, refused: RefusedSubmission, by: User, request_id: str, deadline: Deadline | None = None
) -> submit.Receipt:
    """Take a person in and call them, as submit_lead() does; consent stays that of then.

    Raises twins.DuplicatePhone where the phone is a lead meanwhile; CallFailed, and then
    the person goes on waiting with the new reason; CallUnconfirmed, and then it is looked
    up by itself; concurrency.TooManyCalls.
    """
    origin = Origin(
        source=refused.consent_source,
        address=refused.consent_address,
        request_id=request_id,
        consent_at=refused.consent_at,
        came_by=CameBy(refused.came_by),
        evidence=refused.consent_evidence,
    )
    try:
        receipt = submit.submit_lead(
            workspace=refused.workspace,
            submission=_submission(refused),
            origin=origin,
            deadline=deadline,
        )
    except twins.DuplicatePhone:
        refused.delete()
        raise
    except CallNotConfirmed as error:
        _log(refused, by, error.lead_id, error=str(error), error_code=error.code)
        raise
    refused.delete()
    _log(refused, by, receipt.lead_id, vapi_call_id=receipt.call_id)
    return receipt


def _submission(refused: RefusedSubmission) -> Submission:
    """Return what was submitted, the answers in the order in which they came."""
    read = phones.read(refused.phone, country=refused.workspace.default_country)
    answers = {name: refused.form_responses[name] for name in refused.form_questions}
    return Submission(
        name=refused.name,
        phone=refused.phone,
        email=refused.email,
        goal=refused.goal,
        metadata=refused.metadata,
        form_responses=answers,
        form_wordings=refused.form_wordings,
        older_phones=read.older_spellings,
    )


def take_in_all(*, workspace: Workspace, by: User, request_id: str) -> Round:
    """Take in those whose call another try may place, the latest first.

    At most MOST_AT_ONCE and lease.REQUEST_SECONDS; it ends with the first call that is refused
    for what others would be refused for, too.
    """
    done, deadline = Round(), Deadline(lease.REQUEST_SECONDS)
    latest = waiting_for_account(workspace).select_related("workspace").order_by("-created_at")
    for refused in latest[:MOST_AT_ONCE]:
        if done.stopped_by or deadline.remaining() < lease.SHORTEST_DISPATCH:
            break
        _take_in_one(done, refused, by, request_id, deadline)
    return done


def _take_in_one(
    done: Round, refused: RefusedSubmission, by: User, request_id: str, deadline: Deadline
) -> None:
    """Take one in and count it."""
    try:
        receipt = take_in(refused=refused, by=by, request_id=request_id, deadline=deadline)
    except twins.DuplicatePhone:
        done.known += 1
    except CallNotConfirmed as error:
        done.refused += 1
        cause: Cause = CAUSES.explain(error.code)
        done.stopped_by = "" if cause.is_of_lead else f"{cause.title}. {cause.fix}"
    except concurrency.TooManyCalls as error:
        done.stopped_by = str(error)
    else:
        done.called += receipt.call_id is not None
        done.held += receipt.call_id is None


def _log(refused: RefusedSubmission, by: User, lead_id: uuid.UUID | None, **details: Any) -> None:
    record.action(
        workspace_id=refused.workspace_id,
        actor=by,
        action=Action.TAKE_IN_REFUSED,
        lead_id=lead_id,
        phone=refused.phone if "error" in details else "",
        **details,
    )
