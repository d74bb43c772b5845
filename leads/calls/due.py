"""Making the calls that are planned, when they are due. Only workers do. leads.messages.following
does the same for messages.

A step is made in the transaction that writes its call down; from there on the call's own rows see
to it that it is placed once, whatever happens to the worker.
"""

import logging
from collections.abc import Callable

from django.db import IntegrityError, transaction

from coachbot.deadline import Deadline
from coachbot.work import engine
from leads.calls.placing import concurrency, lease, opening, reconcile
from leads.calls.placing.errors import CallNotConfirmed
from leads.contact import gate
from leads.contact.planned import claims, steps
from leads.models import Lead, Step, StepKind

logger = logging.getLogger(__name__)

WOKEN_AT_ONCE = 200
# Seconds after which a step is looked at again that could not be made for reasons of a moment.
BUSY_PAUSE, CALL_PAUSE = 3.0, 30.0


def wake_due() -> int:
    """Have every step that is due made by some thread of some worker. Return how many."""
    found = claims.claim_due(WOKEN_AT_ONCE)
    for step_id in found:
        engine.wake(make_step, step_id)
    return len(found)


@engine.task
def make_step(step_id: int, is_next: bool = False) -> None:
    """Call the lead of a step that is due, if the gate lets it pass.

    is_next: whether it was chosen of those that wait for a line or for the account.
    """
    make(step_id, _call, is_next=is_next)


def make(step_id: int, contact: Callable[[Step], None], *, is_next: bool) -> None:
    """Contact the lead of a step that is due in its channel's way, if the gate lets it pass.

    contact: raises as _call() does.
    """
    step = Step.objects.planned().select_related("lead__workspace").filter(pk=step_id).first()
    if step is None:
        return
    if not _stands_right(step, step.lead):
        _drop(step)
        return
    purpose = steps.PURPOSES[StepKind(step.kind)]
    if held := gate.ask_for_step(step.lead, purpose, is_next=is_next):
        steps.hold(step, held)
        return
    try:
        contact(step)
    except gate.NoLongerAllowed:
        steps.postpone(step, 0)
    except concurrency.TooManyCalls:
        steps.postpone(step, BUSY_PAUSE)
    # The lead rings, a call to it is going on, or it was erased.
    except (opening.LeadIsRinging, IntegrityError):
        steps.postpone(step, CALL_PAUSE)
    except CallNotConfirmed as error:
        logger.info("The call of step %s is not confirmed: %s", step.pk, error)


def _stands_right(step: Step, lead: Lead) -> bool:
    """Return whether the lead stands where a step of this kind has a reason."""
    return lead.status in steps.STANDS[StepKind(step.kind)]


@transaction.atomic(durable=True)
def _drop(step: Step) -> None:
    """Drop a step whose reason is gone; where the lead rings just now, that call decides first."""
    lead = Lead.objects.select_for_update().filter(pk=step.lead_id).first()
    if lead is None:
        return
    if lead.calls.inbound().going_on().exists():
        steps.postpone(step, CALL_PAUSE)
    elif _stands_right(step, lead):
        steps.postpone(step, 0)
    else:
        steps.drop(lead)


def _call(step: Step) -> None:
    deadline = Deadline(lease.REQUEST_SECONDS)
    with concurrency.limited(step.workspace_id):
        call = opening.open_step(step)
        if call is not None:
            reconcile.dial(call, deadline=deadline)
