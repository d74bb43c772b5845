"""Writing to leads as it is planned: an opener that was held, and the attempts of the plan.

Each is an approved template, as nobody has answered. Without a template for later messages the plan
has its first attempt alone. The step is made in the transaction that writes its message down.
"""

from django.db import transaction

from coachbot.deadline import Deadline
from coachbot.work import engine
from leads.calls import due, waiting
from leads.contact import gate
from leads.contact.planned import claims, steps
from leads.messages import sending, templates
from leads.messages.results import outcomes
from leads.models import (
    GONE_OUT,
    Conversation,
    Lead,
    Message,
    MessagePurpose,
    MessageStatus,
    Step,
    StepKind,
)
from workspaces.models import Channel, Workspace

WOKEN_AT_ONCE = 200
# Seconds after which a step is looked at again whose lead has a message on its way.
UNSETTLED_PAUSE = 30.0


class OnItsWay(Exception):
    """A message to the lead is not settled yet. Nothing is written."""


def wake_due() -> int:
    """Have every step that is due made by some thread of some worker, and those tried that wait
    for the account. Return how many.
    """
    found = claims.claim_due(WOKEN_AT_ONCE, channel=Channel.WHATSAPP)
    for step_id in found:
        engine.wake(make_step, step_id)
    waiting_in = Step.objects.waiting().values("workspace")
    number = len(found)
    for workspace in Workspace.objects.filter(pk__in=waiting_in, channel=Channel.WHATSAPP):
        for step_id in waiting.claim(workspace):
            number += engine.wake(make_step, step_id, True)
    return number


@engine.task
def make_step(step_id: int, is_next: bool = False) -> None:
    """Write to the lead of a step that is due, if the gate lets it pass.

    is_next: whether it was chosen of those that wait for the account.
    """
    due.make(step_id, _write, is_next=is_next)


def _write(step: Step) -> None:
    """Write to the lead of a step that the gate lets pass.

    Raises gate.NoLongerAllowed, also where the lead does not stand any more where it stood when
    the gate was asked.
    """
    if step.kind == StepKind.CALLBACK:  # nobody calls in a written channel
        steps.drop(step.lead)
        return
    try:
        message = _open(step)
    except OnItsWay:
        steps.postpone(step, UNSETTLED_PAUSE)
        return
    if message:
        sending.send(message, deadline=Deadline(sending.SEND_SECONDS))


@transaction.atomic(durable=True)
def _open(step: Step) -> Message | None:
    """Write the message down; None where the step is gone, or there is nothing to write."""
    lead = Lead.objects.select_for_update().filter(pk=step.lead_id).first()
    if lead is None:
        return None
    gate.check_stand(lead, asked=step.lead)
    lead.workspace = step.lead.workspace
    conversation, _ = Conversation.objects.get_or_create(lead=lead, channel=lead.channel)
    conversation.lead = lead
    if outcomes.is_unsettled(conversation):
        raise OnItsWay
    purpose = _purpose(conversation)
    if purpose is MessagePurpose.FOLLOW_UP and not lead.workspace.has_follow_up_template:
        steps.drop(lead)
        return None
    make_template = templates.opener if purpose is MessagePurpose.OPENER else templates.follow_up
    message = sending.write(conversation, purpose=purpose, template=make_template(lead))
    if not steps.make(step, message=message):
        transaction.set_rollback(True)
        return None
    if lead.held_because:
        Lead.objects.filter(pk=lead.pk).update(held_because="")
    gate.write_counted(lead.workspace)
    return message


def _purpose(conversation: Conversation) -> MessagePurpose:
    """Return what is to be written: the opener, until one has gone out."""
    openers = conversation.messages.filter(purpose=MessagePurpose.OPENER)
    was_opened = openers.filter(status__in=[*GONE_OUT, MessageStatus.SENDING]).exists()
    return MessagePurpose.FOLLOW_UP if was_opened else MessagePurpose.OPENER
