"""Taking in a form that a stranger filled in: through the same intake as the API.

Whoever sent it never sees an error of ours: what cannot be called now is kept, for the agent or for
a person, and they are told so. Each form writes one log row; what programs send is counted.
"""

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from coachbot.db import connections
from coachbot.deadline import Deadline
from leads.calls.placing import concurrency, lease
from leads.calls.placing.errors import CallNotConfirmed
from leads.forms import thanks
from leads.forms.thanks import Thanks
from leads.intake import submit, twins
from leads.intake.submission import Origin, Submission
from workspaces.log import record, repeats
from workspaces.models import LogKind, Outcome, Workspace
from workspaces.rate_limits import windows

TOO_BUSY = "vapi.too_busy"
CODE, ACTION = "form.submit", "Form sent"
IGNORED = {
    "honeypot": "A field was filled in that people do not see, so a program sent this.",
    "too_quick": "It was sent more quickly than people fill a form in.",
    "no_token": "It did not come from the form's page.",
}


@dataclass
class _Told:
    """What the log row of a form says."""

    outcome: Outcome = Outcome.SUCCEEDED
    lead_id: uuid.UUID | None = None
    error: str = ""
    error_code: str = ""
    began: float = field(default_factory=time.monotonic)


def take_in(*, workspace: Workspace, submission: Submission, origin: Origin) -> Thanks:
    """Take a form in, and return what its sender is told.

    Takes up to lease.REQUEST_SECONDS. Raises windows.RateLimited, and then nothing is kept;
    Workspace.DoesNotExist.
    """
    _count(workspace, origin.address)
    told = _Told()
    said = _submit(workspace, submission, origin, told)
    _log(workspace, submission, origin, told)
    if said is not None:
        return said
    return thanks.expected(workspace, phone=submission.phone, timezone=submission.timezone)


def ignore(workspace: Workspace, why: str) -> None:
    """Note that a form was not taken in, as a program sent it. why: a code of IGNORED."""
    _count_row(workspace, code=f"form.{why}", action="Form ignored", error=IGNORED[why])


def _count(workspace: Workspace, address: str | None) -> None:
    try:
        windows.count_form(workspace.pk, address)
    except windows.RateLimited:
        error = "Too many forms: see FORM_RATE_LIMITS and FORM_WORKSPACE_RATE_LIMIT."
        _count_row(workspace, code="form.limited", action="Form refused", error=error)
        raise


def _submit(
    workspace: Workspace, submission: Submission, origin: Origin, told: _Told
) -> Thanks | None:
    """Return what is said of a lead that is contacted now or was refused; None of others."""
    try:
        receipt = _submit_once_free(workspace, submission, origin)
    except twins.DuplicatePhone as error:
        told.outcome, told.lead_id, told.error = Outcome.REFUSED, error.lead_id, str(error)
        return None
    except CallNotConfirmed as error:
        told.outcome, told.lead_id = Outcome.FAILED, error.lead_id
        told.error, told.error_code = str(error), error.code
        return thanks.KEPT
    except concurrency.TooManyCalls as error:
        submit.keep_refused(
            workspace=workspace, submission=submission, origin=origin, error_code=TOO_BUSY
        )
        told.outcome, told.error, told.error_code = Outcome.FAILED, str(error), TOO_BUSY
        return thanks.KEPT
    told.lead_id = receipt.lead_id
    return None if receipt.held_because else thanks.now(workspace)


def _submit_once_free(
    workspace: Workspace, submission: Submission, origin: Origin
) -> submit.Receipt:
    """Submit, and while too many calls are being placed, wait for one to end."""
    deadline = Deadline(lease.REQUEST_SECONDS)
    for _ in connections.attempts(deadline):
        try:
            return submit.submit_lead(
                workspace=workspace, submission=submission, origin=origin, deadline=deadline
            )
        except concurrency.TooManyCalls:
            if deadline.remaining() < lease.SHORTEST_DISPATCH:
                break
    raise concurrency.TooManyCalls


def _log(workspace: Workspace, submission: Submission, origin: Origin, told: _Told) -> None:
    record.row(
        workspace_id=workspace.pk,
        kind=LogKind.FORM,
        code=CODE,
        action=ACTION,
        outcome=told.outcome,
        duration=time.monotonic() - told.began,
        lead_id=told.lead_id,
        # Nobody is left to erase it with but by the phone.
        phone=submission.phone if told.error else "",
        error=told.error,
        error_code=told.error_code,
        request={"source": origin.source, "page": origin.evidence.get("page", "")},
    )


def _count_row(workspace: Workspace, **fields: Any) -> None:
    repeats.refusal(
        key="form",
        workspace_id=workspace.pk,
        error_code="",
        kind=LogKind.FORM,
        outcome=Outcome.REFUSED,
        **fields,
    )
