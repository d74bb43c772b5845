"""Whom messages are written to: the columns of a workspace that tell it by Twilio's names.

They follow the stored account, in the transaction that stores it, so that what comes in finds the
workspace without opening anything. A constraint holds that a sender is one workspace's.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from coachbot.providers.reading import moment
from coachbot.providers.twilio.asking import Account
from workspaces.connections.connection import TakenElsewhere
from workspaces.models import Workspace

# After a rotation of the auth token, requests that are under way are signed with the one before.
OVERLAP = timedelta(minutes=15)
PREVIOUS, ROTATED_AT = "previousAuthToken", "rotatedAt"


def write(workspace: Workspace, account: Account) -> None:
    """Have a workspace found by an account's sender. Inside the transaction that stores it.

    Raises TakenElsewhere, and the transaction goes on, where another workspace has the sender.
    """
    columns = {
        "twilio_account_sid": account.account_sid,
        "twilio_sender": account.from_,
        "has_follow_up_template": bool(account.follow_up_content_sid),
    }
    try:
        with transaction.atomic():
            Workspace.objects.filter(pk=workspace.pk).update(**columns)
    except IntegrityError as error:
        raise TakenElsewhere(
            "from_",
            "Another workspace has this sender: what leads write to it would belong to both. "
            "Enter another one, or disconnect Twilio there first.",
        ) from error
    for name, value in columns.items():
        setattr(workspace, name, value)


def forget(workspace_id: int) -> None:
    """Have a workspace found by no sender any more."""
    Workspace.objects.filter(pk=workspace_id).update(
        twilio_account_sid="", twilio_sender="", has_follow_up_template=False
    )


def find(*, account_sid: str, to: str, service_sid: str = "") -> QuerySet[Workspace]:
    """Return the workspaces that a message came to, oldest first: one, but for the sandbox's."""
    is_written_to = Q(twilio_sender=to)
    if service_sid:
        is_written_to |= Q(twilio_sender=service_sid)
    known = Workspace.objects.exclude(twilio_sender="")
    return known.filter(is_written_to, twilio_account_sid=account_sid).order_by("pk")


def overlap(before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return what is stored beside a new account of the one before: its token, for a while."""
    is_rotation = before.get("accountSid") == after["accountSid"]
    if not is_rotation:
        return {}
    if before["authToken"] == after["authToken"]:  # something else was changed
        return {name: before[name] for name in (PREVIOUS, ROTATED_AT) if name in before}
    return {PREVIOUS: before["authToken"], ROTATED_AT: now.isoformat()}


def tokens(stored: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """Return the auth tokens that sign requests of a stored account: one, or two for a while."""
    rotated_at = moment(stored.get(ROTATED_AT))
    is_fresh = rotated_at is not None and now - rotated_at < OVERLAP
    return (stored["authToken"], *([stored[PREVIOUS]] if is_fresh else []))
