"""Leads that members enter in the dashboard: other people, and their own number as a test.

Each deed writes one log row.
"""

import uuid
from dataclasses import dataclass

from leads.calls.placing.errors import CallNotConfirmed
from leads.contact import gate
from leads.intake import submit, twins
from leads.intake.submission import DASHBOARD, CameBy, Origin, Submission
from leads.models import Lead
from leads.operators import calling
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Outcome, User, Workspace

WRITTEN_TO = "This number was written to before. Answer that message, or use another number."


class NotATest(Exception):
    """The number belongs to a real lead, which stays one."""

    def __init__(self, lead: Lead):
        super().__init__(f"This number belongs to {lead.plain_name}, who is a lead.")
        self.lead = lead


@dataclass(frozen=True)
class Member:
    """Who enters a lead, and so says that the person agreed to be called; and with which request.

    address: IP, or None.
    """

    membership: Membership
    address: str | None
    request_id: str

    @property
    def user(self) -> User:
        return self.membership.user


def add_lead(*, workspace: Workspace, submission: Submission, by: Member) -> submit.Receipt:
    """Take in a person, and call them unless a rule forbids it, as the API does.

    Raises what submit.submit_lead() raises.
    """
    try:
        return _take_in(workspace, submission, by, Action.ADD_LEAD)
    except twins.DuplicatePhone as error:
        _log(
            workspace,
            by,
            Action.ADD_LEAD,
            lead_id=error.lead_id,
            error=str(error),
            outcome=Outcome.REFUSED,
        )
        raise


def call_member(*, workspace: Workspace, submission: Submission, by: Member) -> None:
    """Call the member's own number: as a lead that is a test, or the test lead that is there.

    Raises NotATest; calling.CannotCall with the rule of the workspace that forbids it, and then
    the lead is kept; CallFailed, CallUnconfirmed and concurrency.TooManyCalls.
    """
    try:
        receipt = _take_in(workspace, submission, by, Action.CALL_TEST_LEAD, is_test=True)
    except twins.DuplicatePhone as error:
        _call_again(_lead(workspace, error.lead_id), by)
        return
    if receipt.held_because:
        lead = _lead(workspace, receipt.lead_id)
        raise calling.CannotCall(gate.sentence(lead, receipt.held_because))


def _call_again(lead: Lead, by: Member) -> None:
    if not lead.is_test:
        raise NotATest(lead)
    if lead.workspace.is_whatsapp:
        raise calling.CannotCall(WRITTEN_TO)
    calling.call_again(lead=lead, by=by.membership, request_id=by.request_id)


def _lead(workspace: Workspace, lead_id: uuid.UUID) -> Lead:
    lead = workspace.leads.select_related("workspace").filter(pk=lead_id).first()
    if lead is None:
        raise calling.CannotCall("The lead with this number was deleted just now. Try again.")
    return lead


def _take_in(
    workspace: Workspace,
    submission: Submission,
    by: Member,
    action: Action,
    *,
    is_test: bool = False,
) -> submit.Receipt:
    source = DASHBOARD + by.user.email
    origin = Origin(source, by.address, by.request_id, is_test, came_by=CameBy.DASHBOARD)
    try:
        receipt = submit.submit_lead(workspace=workspace, submission=submission, origin=origin)
    except CallNotConfirmed as error:
        # Nobody is left to erase it with but by the phone.
        _log(
            workspace,
            by,
            action,
            phone=submission.phone,
            error=str(error),
            error_code=error.code,
        )
        raise
    _log(workspace, by, action, lead_id=receipt.lead_id, vapi_call_id=receipt.call_id)
    return receipt


def _log(workspace: Workspace, by: Member, action: Action, **details) -> None:
    record.action(workspace_id=workspace.pk, actor=by.user, action=action, **details)
