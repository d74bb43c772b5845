"""Whose message it is: by WhatsApp's id of the person, by the number in all its spellings, or by
the message of ours that it answers.
"""

from collections.abc import Iterator

from coachbot.providers.twilio.events import Inbound
from leads.contact.do_not_call import opt_outs
from leads.intake import phones
from leads.messages import addresses
from leads.models import Conversation, Lead, Message
from workspaces.models import Channel, Workspace


def find(workspace: Workspace, news: Inbound) -> Conversation | None:
    """Return the conversation that a message belongs to; None where nobody knows its sender.

    One that a lead has not is made: the lead may have been held, and writes first.
    """
    conversations = Conversation.objects.filter(
        lead__workspace=workspace, lead__accepted_at__isnull=False, channel=Channel.WHATSAPP
    ).select_related("lead")
    if news.external_user_id:
        known = conversations.filter(external_user_id=news.external_user_id)
        if found := known.order_by("-created_at").first():
            return found
    if lead := _lead_at(workspace, news):
        return Conversation.objects.select_related("lead").get_or_create(
            lead=lead, channel=Channel.WHATSAPP
        )[0]
    return conversations.filter(address=news.from_).order_by("-created_at").first() or (
        _answered(workspace, news.replied_to) if news.replied_to else None
    )


def numbers(news: Inbound) -> Iterator[str]:
    """Yield the numbers, in E.164 form, that a sender may have."""
    if number := addresses.phone_in(news.from_):
        yield number
    if news.wa_id and f"+{news.wa_id}" != number:
        yield f"+{news.wa_id}"


def _lead_at(workspace: Workspace, news: Inbound) -> Lead | None:
    """Return the lead whose phone a sender's number is: exactly, else in another spelling."""
    given = list(numbers(news))
    spellings = {spelling for number in given for spelling in _spellings(number)}
    if not spellings:
        return None
    leads = list(workspace.leads.accepted().filter(phone__in=spellings).newest_first()[:10])
    exact = (lead for lead in leads if lead.phone in given)
    return next(exact, leads[0] if leads else None)


def _spellings(number: str) -> frozenset[str]:
    try:
        return opt_outs.stored_spellings(number)
    except phones.BadPhone:
        return frozenset()


def _answered(workspace: Workspace, sid: str) -> Conversation | None:
    """Return the conversation of a message of ours."""
    message = Message.objects.outbound().filter(workspace=workspace, sid=sid).first()
    return message.conversation if message else None
