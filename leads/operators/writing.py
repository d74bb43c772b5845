"""Writing to a lead because a member does: in words of its own, or by a template.

Whoever writes takes the lead over: the agent says nothing between.
"""

from datetime import datetime

from leads import status
from leads.contact import gate
from leads.contact.planned import steps
from leads.messages import sending, templates, window
from leads.messages.templates import Which
from leads.models import (
    ActivityCode,
    Conversation,
    Lead,
    MessagePurpose,
    StatusReason,
)
from leads.operators import activities, handing
from leads.operators.activities import CannotChange
from workspaces.models import Membership, Workspace

# What Twilio takes in one message.
LONGEST = 1_600
ON_THE_PHONE = "This workspace does not write to its leads."
WINDOW_CLOSED = (
    "More than 24 hours have passed since the lead's last message, so WhatsApp takes approved "
    "templates only."
)
NO_TEMPLATE = "The Twilio account has no such template."


def why_not_write(lead: Lead) -> str:
    """Return the sentence that says why nothing must be written to a lead; "" where it may be."""
    if not lead.workspace.is_whatsapp:
        return ON_THE_PHONE
    held = gate.ask_to_write(lead, MessagePurpose.BY_HAND)
    return gate.sentence(lead, held.code) if held else ""


def templates_of(workspace: Workspace) -> list[Which]:
    """Return the templates that a connected workspace can send."""
    return [Which.OPENER, *([Which.FOLLOW_UP] if workspace.has_follow_up_template else [])]


def write_to_lead(
    *, lead: Lead, by: Membership, text: str = "", which: Which | None = None, now: datetime
) -> None:
    """Write to a lead, by a worker and within seconds, and take it over.

    text: not empty, up to LONGEST; which: the template instead. A lead that is another member's
    stays that one's. Raises CannotChange where nothing may be written; nothing is done then.
    """
    if reason := why_not_write(lead):
        raise CannotChange(reason)
    with activities.deed(lead, by, ActivityCode.WROTE) as made:
        found = made.lead
        found.workspace = lead.workspace
        activities.require_open(found)
        conversation = _locked_conversation(found)
        if which is None and not window.is_open(conversation, now):
            raise CannotChange(WINDOW_CLOSED)
        if which and which not in templates_of(lead.workspace):
            raise CannotChange(NO_TEMPLATE)
        made.before = found.owner_name
        _take_over(found, by)
        made.after = found.owner_name
        _answered(conversation)
        sending.write(
            conversation,
            purpose=MessagePurpose.BY_HAND,
            body=text,
            template=_template(found, which),
            member=by.user,
        )
        sending.soon(conversation.pk)


def _locked_conversation(lead: Lead) -> Conversation:
    """Return the conversation with a lead, made where it has none yet."""
    conversation, _ = Conversation.objects.select_for_update().get_or_create(
        lead=lead, channel=lead.channel
    )
    conversation.lead = lead
    return conversation


def _take_over(lead: Lead, by: Membership) -> None:
    if lead.owner is None:
        handing.own(lead, by)
    steps.drop(lead)
    status.move(lead.pk, StatusReason.TAKEN_OVER)


def _answered(conversation: Conversation) -> None:
    """Let nothing wait for the agent any more: a person has answered what was written."""
    Conversation.objects.filter(pk=conversation.pk).update(waiting_since=None, due_at=None)


def _template(lead: Lead, which: Which | None) -> templates.Template | None:
    if which is None:
        return None
    return templates.opener(lead) if which is Which.OPENER else templates.follow_up(lead)
