"""Making the calls that are planned, when they are due. Only workers do.

A step is made in the transaction that writes its call down; from there on the call's own rows see
to it that it is placed once, whatever happens to the worker.
"""

import logging

from django.db import IntegrityError

from coachbot.deadline import Deadline
from coachbot.work import engine
from leads.calls import concurrency, place, reconcile
from leads.contact import gate, steps
from leads.models import Step, StepKind

logger = logging.getLogger(__name__)

WOKEN_AT_ONCE = 200
# Seconds after which a step is looked at again that could not be made for reasons of a moment.
BUSY_PAUSE, CALL_PAUSE = 3.0, 30.0


def wake_due() -> int:
    """Have every step that is due made by some thread of some worker. Return how many."""
    found = steps.claim_due(WOKEN_AT_ONCE)
    for step_id in found:
        engine.wake(make_step, step_id)
    return len(found)


@engine.task
def make_step(step_id: int) -> None:
    """Call the lead of a step that is due, if the gate lets it pass."""
    step = Step.objects.planned().select_related("lead__workspace").filter(pk=step_id).first()
    if step is None:
        return
    if step.lead.status not in steps.STANDS[StepKind(step.kind)]:
        steps.drop(step.lead)
        return
    if held := gate.ask(step.lead, steps.PURPOSES[StepKind(step.kind)]):
        steps.hold(step, held)
        return
    try:
        _call(step)
    except gate.NoLongerAllowed:
        steps.postpone(step, 0)
    except concurrency.TooManyCalls:
        steps.postpone(step, BUSY_PAUSE)
    except IntegrityError:  # a call to the lead is going on, or it was erased
        steps.postpone(step, CALL_PAUSE)
    except place.CallNotConfirmed as error:
        logger.info("The call of step %s is not confirmed: %s", step.pk, error)


def _call(step: Step) -> None:
    deadline = Deadline(place.REQUEST_SECONDS)
    with concurrency.limited(step.workspace_id):
        call = place.open_step(step)
        if call is not None:
            reconcile.dial(call, deadline=deadline)
