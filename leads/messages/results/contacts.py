"""When a lead was written to first: what the overview's speed goes by."""

from django.db.models import Min

from leads.models import Lead, Message, MessageStatus

# A message that was lost was no contact; one of which nobody knows may become one.
WENT_OUT = (
    *(MessageStatus.ACCEPTED, MessageStatus.SENT),
    *(MessageStatus.DELIVERED, MessageStatus.READ),
)


def note(lead: Lead, status: MessageStatus) -> None:
    """Write when the first message went out to a lead that was not lost; with the lead locked.

    status: the new one of a message of its.
    """
    is_lost = status not in WENT_OUT
    if is_lost == (lead.first_contact_at is None):
        return
    ours = Message.objects.outbound().filter(conversation__lead=lead, sent_at__isnull=False)
    first = ours.filter(status__in=WENT_OUT).aggregate(at=Min("sent_at"))["at"]
    lead.first_contact_at = first
    Lead.objects.filter(pk=lead.pk).update(first_contact_at=first)
