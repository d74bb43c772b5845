"""Submissions with the same phone: the database decides who is first, and the others wait here
until it is known what became of that one.

A twin is a lead with the same phone that is not accepted yet.
"""

from collections.abc import Sequence

from coachbot.db import connections
from coachbot.deadline import Deadline
from leads.calls.placing import lease, reconcile
from leads.calls.placing.errors import CallFailed, CallUnconfirmed
from leads.models import Lead
from workspaces.models import Workspace


class DuplicatePhone(Exception):
    """The phone is already a lead of the workspace, and that lead is accepted."""

    def __init__(self, lead: Lead):
        super().__init__("A lead with this phone number already exists in the workspace.")
        self.lead, self.lead_id = lead, lead.pk


def await_end(workspace: Workspace, spellings: Sequence[str], deadline: Deadline) -> None:
    """Wait until a phone is free again. Raises DuplicatePhone once its lead is accepted;
    CallUnconfirmed where that is not known at the deadline.

    spellings: those under which the lead may be stored.
    A twin that nobody works on any more is settled here and now.
    """
    for _ in connections.attempts(deadline):
        twin = workspace.leads.filter(phone__in=spellings).first()
        if twin is None:
            return
        if twin.accepted_at:
            raise DuplicatePhone(twin)
        _settle_abandoned(twin, deadline)
    raise CallUnconfirmed(
        "Another request is still placing the call to this phone. "
        "Retrying is safe: nobody is called twice."
    )


def _settle_abandoned(twin: Lead, deadline: Deadline) -> None:
    call = twin.calls.dialing().first()
    if call is None or not lease.claim(call):
        return
    try:
        reconcile.resolve_call(call, deadline=deadline)
    except CallFailed:
        return  # withdrawn: the phone is free for the submission that waits here
