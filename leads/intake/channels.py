"""How each channel makes the first contact with a lead. A new channel is a row here."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from coachbot.db.prepared import Statement
from leads.calls.placing import concurrency, opening, reconcile
from leads.messages import opener
from leads.models import Call, CallStatus, Lead, LeadStatus, Message
from workspaces.models import Channel

# What is written down before it is sent.
Contact = Call | Message


@dataclass(frozen=True)
class FirstContact:
    """How a channel makes the first contact with a lead.

    limited: the bound within which it is made. open: writes a new lead down by its insert, and
    what is about to be sent. send: sends it, and returns the provider's id of it, None where it is
    sent after the answer. status: what is then said of the lead. is_accepted: whether the lead is
    accepted as soon as it is written down.
    """

    limited: Callable[[int], AbstractContextManager[None]]
    open: Callable[[Lead, Statement], Contact]
    send: Callable[..., str | None]
    status: str
    is_accepted: bool = False


CHANNELS: dict[str, FirstContact] = {
    Channel.VOICE: FirstContact(
        limited=concurrency.limited,
        open=opening.open_first_call,
        send=reconcile.dial,
        status=CallStatus.IN_PROGRESS,
    ),
    Channel.WHATSAPP: FirstContact(
        limited=lambda workspace_id: nullcontext(),
        open=opener.open_first,
        send=opener.queue,
        status=LeadStatus.NEW,
        is_accepted=True,
    ),
}


def _refuse(lead: Lead, insert: Statement) -> Call:
    raise concurrency.TooManyCalls


# For a lead that is held in any case.
NOBODY = FirstContact(
    limited=concurrency.limited, open=_refuse, send=reconcile.dial, status=LeadStatus.NEW
)
