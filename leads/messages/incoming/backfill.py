"""Messages that Twilio could not deliver: it repeats a webhook for seconds at most, so what came
while nobody listened is read from its list, when a worker starts and every two minutes.

All goes through inbound.py, which stores each once. What has become too old to be answered is left
to a person there.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from coachbot import backoff
from coachbot.db import clock, leases
from coachbot.providers import ProviderError
from coachbot.providers.twilio import client as twilio
from coachbot.providers.twilio.asking import Account
from coachbot.providers.twilio.events import Inbound
from coachbot.work import engine
from leads.messages.incoming import inbound, senders
from leads.models import MessageKind, MessageSweep
from workspaces.connections import credentials
from workspaces.log import exchanges
from workspaces.models import CredentialKind, Workspace

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=30)
# A message may be listed some time after it came.
OVERLAP = timedelta(minutes=10)
LEASE = timedelta(minutes=2)
MOST_PAGES = 40
AT_ONCE = 50

_begun = threading.Event()


def wake_due() -> int:
    """Have the lists read that are due, by some thread of some worker. Return how many."""
    _begin()
    due = leases.run_out(MessageSweep.objects.filter(due_at__lte=Now()))
    found = due.values_list("pk", flat=True)[:AT_ONCE]
    claimed = [pk for pk in found if leases.claim(MessageSweep.objects.filter(pk=pk), LEASE)]
    for pk in claimed:
        engine.wake(read, pk)
    return len(claimed)


def _begin() -> None:
    """Have every list read at the start of this worker, and those of new accounts from now on."""
    if not _begun.is_set():
        _begun.set()
        MessageSweep.objects.filter(due_at__gt=Now()).update(due_at=Now())
    new = Workspace.objects.exclude(twilio_sender="").filter(message_sweep=None)
    now = clock.now()
    rows = [MessageSweep(workspace=workspace, read_to=now, due_at=now) for workspace in new]
    MessageSweep.objects.bulk_create(rows, ignore_conflicts=True)


@engine.task
def read(sweep_id: int) -> None:
    """Read the list of a workspace from where it was read to, under our lease."""
    rows = MessageSweep.objects.filter(pk=sweep_id)
    sweep = rows.select_related("workspace").first()
    if sweep is None:
        return
    begun = clock.now()
    try:
        number = _take_in(sweep)
    except credentials.NotConnected:
        rows.delete()  # another account begins anew
    except (credentials.CannotUnseal, ProviderError) as error:
        logger.info("The messages of workspace %s were not read: %s", sweep.workspace_id, error)
        pause = backoff.pause(sweep.tries, first=EVERY, longest=LONGEST_PAUSE)
        rows.update(due_at=Now() + pause, tries=F("tries") + 1, lease_until=None)
    else:
        if number:
            logger.info("Workspace %s: %s messages were fetched", sweep.workspace_id, number)
        rows.update(read_to=begun, due_at=Now() + EVERY, tries=0, lease_until=None)


def _take_in(sweep: MessageSweep) -> int:
    """Take in what is new. Return how many messages were. Raises ProviderError and others."""
    workspace = sweep.workspace
    account = credentials.twilio_account(workspace.pk)
    since = sweep.read_to - OVERLAP
    connected_at = credentials.changed_at(workspace.pk, CredentialKind.TWILIO)
    if connected_at and connected_at > sweep.read_to:  # another account, or sender
        since = connected_at - OVERLAP
    # Oldest first, as they would have come.
    found = sorted(_listed(workspace.pk, account, since), key=lambda one: one[0])
    return sum(_receive(workspace, account, listed, at) for at, listed in found)


def _listed(
    workspace_id: int, account: Account, since: datetime
) -> list[tuple[datetime, twilio.Listed]]:
    """Return the messages that came since a moment, each with when it did."""
    door, url = exchanges.door(workspace_id), ""
    found: list[tuple[datetime, twilio.Listed]] = []
    for _ in range(MOST_PAGES):
        page = twilio.list_messages(
            door,
            account,
            to="" if account.is_service else account.from_,
            since=since.date(),
            page_url=url,
            timeout=settings.TWILIO_TIMEOUT,
        )
        moments = [(one.sent_at or one.created_at, one) for one in page.messages]
        known = [(at, one) for at, one in moments if at is not None]
        found += [(at, one) for at, one in known if one.direction == "inbound" and at >= since]
        url = page.next_url
        if not url or any(at < since for at, _ in known):
            break
    return found


def _receive(workspace: Workspace, account: Account, listed: twilio.Listed, at: datetime) -> bool:
    news = Inbound(
        sid=listed.sid,
        account_sid=account.account_sid,
        service_sid="",
        from_=listed.from_,
        to=listed.to,
        external_user_id="",
        wa_id="",
        profile_name="",
        body=listed.body,
        # The list does not say of what kind media are.
        kind=str(MessageKind.UNKNOWN if listed.num_media else MessageKind.TEXT),
        media=tuple({"type": ""} for _ in range(listed.num_media)),
    )
    # A service has several numbers, of which not all need be this workspace's.
    if account.is_service and senders.find(workspace, news) is None:
        return False
    return inbound.receive(workspace, news, min(at, clock.now()))
