"""Messages to channels, by workers: what waits goes out in one message, again until it is taken.

Whoever posts holds a lease on the channel's row. What is told is marked once the channel took it,
so a notice gets lost by no failure; it comes twice only where a worker died between the channel's
word and its own. While a channel fails, what comes is told together once it is well.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Now

from coachbot import backoff
from coachbot.db import clock, leases
from coachbot.providers import ProviderError, limits
from coachbot.providers.channels import client
from coachbot.sealing import CannotUnseal
from coachbot.work import engine
from workspaces.log import exchanges, record
from workspaces.models import Notice, NoticeHook, NoticeWay, Telling
from workspaces.notices import channel, grouping, recording, words

logger = logging.getLogger(__name__)

# Longer than a channel is waited for.
LEASE = timedelta(seconds=30)
TIMEOUT = 10.0
MOST_AT_ONCE = 100
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
BUSY_PAUSE = timedelta(seconds=5)
# After so long without a message that was taken, a channel is switched off.
GIVEN_UP_AFTER = timedelta(days=3)
OFF = "Nothing is sent there any more."
# How many of a kind are listed, the first for which there is room; the others are counted.
MOST_LISTED = (12, 4, 1, 0)
LONGEST_LINE = 110


def wake_due() -> int:
    """Have something told in every channel where something waits. Return in how many."""
    waiting = Telling.objects.waiting().filter(way=NoticeWay.HOOK, hook=OuterRef("pk"))
    due = NoticeHook.objects.filter(grouping.FREE, Exists(waiting), off_at=None)
    woken = 0
    for hook_id in list(leases.run_out(due).values_list("pk", flat=True)[:MOST_AT_ONCE]):
        if lease := leases.claim(due.filter(pk=hook_id), LEASE):
            woken += engine.wake(post, hook_id, lease)
    return woken


@engine.task
def post(hook_id: int, lease: datetime) -> None:
    """Tell in a channel what waits for it. Late and repeated wake-ups do nothing."""
    held = leases.held(NoticeHook.objects.filter(pk=hook_id, off_at=None), lease)
    hook = held.select_related("workspace").first()
    if hook is None or lease <= clock.now() + timedelta(seconds=TIMEOUT):
        return
    waiting = Telling.objects.waiting().filter(hook=hook)
    tellings = list(waiting.select_related("notice").order_by("notice_id"))
    if not tellings:
        return leases.release(held)
    try:
        _send(hook, [telling.notice for telling in tellings])
    except limits.Busy:
        held.update(lease_until=leases.until(BUSY_PAUSE))
    except ProviderError as error:
        _fail(hook, held, error.code)
    except CannotUnseal:
        _fail(hook, held, "channel.unreadable")
    else:
        _note_told(hook, held, tellings)


def _send(hook: NoticeHook, notices: list[Notice]) -> None:
    """Post one message. Raises ProviderError and CannotUnseal."""
    door = exchanges.door(hook.workspace_id)
    text = text_of(hook, notices)
    url = channel.address_of(hook)
    client.post_text(door, url, text, count=len(notices), timeout=TIMEOUT)


def text_of(hook: NoticeHook, notices: list[Notice]) -> str:
    """Return the text that tells of some notices, with as many listed as it has room for."""
    if len(notices) == 1:
        [notice] = notices
        return f"{notice.text}\n{grouping.link(hook.workspace, notice.path)}"
    for most in MOST_LISTED:
        text = _list(hook, grouping.message(hook.workspace, notices, most=most))
        if len(client.escaped(text)) <= client.LONGEST_TEXT:
            break
    return text


def _list(hook: NoticeHook, told: grouping.Message) -> str:
    """Return several notices: how many of what, some of them, and where all of them are."""
    lines = [told.headline]
    for part in told.parts:
        lines += [f"• {words.cut(line.text, LONGEST_LINE)}" for line in part.lines]
        if part.more and part.lines:
            lines.append(f"• and {part.more} more")
    return "\n".join([*lines, grouping.link(hook.workspace, "")])


@transaction.atomic(durable=True)
def _note_told(hook: NoticeHook, held: QuerySet[NoticeHook], tellings: Sequence[Telling]) -> None:
    Telling.objects.filter(pk__in=[telling.pk for telling in tellings]).update(told_at=Now())
    noted = grouping.after_message(hook, clock.now())
    held.update(failing_since=None, error_code="", tries=0, lease_until=None, **noted)


@transaction.atomic(durable=True)
def _fail(hook: NoticeHook, held: QuerySet[NoticeHook], code: str) -> None:
    """Have what waits told later, or switch the channel off where it took nothing for days."""
    now = clock.now()
    if hook.failing_since and hook.failing_since <= now - GIVEN_UP_AFTER:
        return _switch_off(hook, held, code, now)
    pause = backoff.pause(hook.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    held.update(
        failing_since=Coalesce(F("failing_since"), Now()),
        error_code=code,
        tries=F("tries") + 1,
        lease_until=None,
        quiet_until=now + pause,
    )
    logger.warning("Channel %s took nothing (%s); again in %s", hook.pk, code, pause)


def _switch_off(hook: NoticeHook, held: QuerySet[NoticeHook], code: str, now: datetime) -> None:
    """Send nothing to a channel any more, and have its admins told by mail."""
    if not held.update(off_at=now, error_code=code, lease_until=None):
        return
    Telling.objects.waiting().filter(hook=hook).delete()
    recording.endpoint_off(
        hook.workspace_id,
        endpoint=f"channel-{hook.pk}",
        text=f"The channel at {hook.host} took nothing for three days. {OFF}",
        at=now,
        path="notices",
    )
    record.alert(
        hook.workspace_id,
        code="channel.off",
        action="The channel of notices is switched off",
        error=channel.explain(code),
        error_code=code,
    )
