"""Cal.com's webhooks, from our side: to whom an event type reports, and what it is told to.

docs/providers/calcom.md (section 7) has the facts this relies on.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear
from coachbot.providers.calcom.asking import EVENT_TYPES_VERSION, LARGEST_PAGE, Account, ask
from coachbot.providers.reading import fields, text
from coachbot.providers.transport import Door

# Names that stand in Cal.com's own list; its page of the API shows others that do not exist.
TRIGGERS = (
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_PAID",
    "BOOKING_NO_SHOW_UPDATED",
    "MEETING_ENDED",
)
LONGEST_ID = 64


@dataclass(frozen=True)
class Webhook:
    """One that an event type has. id: a number or a UUID, as text."""

    id: str
    url: str


def list_webhooks(door: Door, account: Account, *, timeout: float) -> list[Webhook]:
    """Return the webhooks of the account's event type. Raises ProviderError."""
    answer = _ask(
        *(door, account, "list_webhooks", "GET", ""),
        timeout=timeout,
        params={"take": LARGEST_PAGE},
        is_quiet=True,
    )
    listed = answer.get("data")
    if not isinstance(listed, list):
        raise ProviderError("Cal.com /webhooks answered something other than a list.")
    found = (_webhook(item) for item in listed)
    return [webhook for webhook in found if webhook]


def subscribe(
    door: Door, account: Account, *, url: str, secret: str, webhook_id: str, deadline: Deadline
) -> str:
    """Have the event type report to a URL. Return the id of the webhook.

    webhook_id: of one that is there and shall be ours; "" makes another. A trigger that Cal.com
    does not know is left out. Raises ProviderError; after Unclear it may have been made.
    """
    triggers: tuple[str, ...] = TRIGGERS
    while True:
        try:
            return _write(door, account, url, secret, triggers, webhook_id, deadline)
        except Refused as error:
            known = _known(triggers, error)
            if error.status != 400 or not known or known == triggers:
                raise
            triggers = known


def unsubscribe(door: Door, account: Account, webhook_id: str, *, timeout: float) -> None:
    """Remove a webhook; one that is not there any more, or not ours to see, is gone.

    Raises ProviderError.
    """
    try:
        _ask(door, account, "delete_webhook", "DELETE", webhook_id, timeout=timeout)
    except Refused as error:
        if error.status not in (401, 403, 404):
            raise


def _write(
    door: Door,
    account: Account,
    url: str,
    secret: str,
    triggers: tuple[str, ...],
    webhook_id: str,
    deadline: Deadline,
) -> str:
    body = {"active": True, "subscriberUrl": url, "triggers": list(triggers)}
    answer = _ask(
        door,
        account,
        "update_webhook" if webhook_id else "create_webhook",
        "PATCH" if webhook_id else "POST",
        webhook_id,
        timeout=deadline.remaining(),
        json={**body, "secret": secret},
        told=body,
        hidden=secret,  # Cal.com's answer repeats it
    )
    made = _webhook(answer.get("data"))
    if made is None:
        raise Unclear("Cal.com /webhooks failed: the answer holds no webhook.", status=201)
    return made.id


def _known(triggers: tuple[str, ...], error: Refused) -> tuple[str, ...]:
    """Return the triggers without those that a refusal complains of.

    It may name the one that is unknown, or all that are known: `must be one of the following`.
    """
    named = tuple(trigger for trigger in triggers if trigger in error.response)
    if "one of the following" in error.response.lower():
        return named
    return tuple(trigger for trigger in triggers if trigger not in named)


def _webhook(data: Any) -> Webhook | None:
    found = fields(data)
    number = found.get("id")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    webhook_id = str(number) if is_number else text(number)
    if not 0 < len(webhook_id) <= LONGEST_ID:
        return None
    return Webhook(webhook_id, text(found.get("subscriberUrl")))


def _ask(
    door: Door, account: Account, operation: str, method: str, webhook_id: str, **options: Any
) -> dict[str, Any]:
    path = f"/event-types/{account.event_type_id}/webhooks"
    if webhook_id:
        path = f"{path}/{quote(webhook_id, safe='')}"
    answer = ask(
        door, account, operation, path, version=EVENT_TYPES_VERSION, method=method, **options
    )
    return dict(answer)
