"""One request to an endpoint: the stored bytes, signed anew, and what came back of it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from coachbot.db.storable import storable
from coachbot.providers import Forbidden, ProviderError, Unreachable
from coachbot.providers.exchange import Answer, Request
from coachbot.providers.transport import Door
from coachbot.sealing import CannotUnseal
from workspaces.models import WebhookDelivery
from workspaces.webhooks import signing

TIMEOUT = 15.0
LARGEST_ANSWER = 64 * 1024
# So much of an answer is kept, for the admins of the workspace.
KEPT_OF_ANSWER = 1_000
GONE = 410
UNREACHABLE = (
    "It could not be reached: no such host, nothing listens there, or its certificate is not valid."
)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt. status: of the answer, None without one. error: a sentence, or "".

    seconds: how long it took. wish: how long the receiver wants not to be asked.
    """

    status: int | None
    answer: str
    error: str
    seconds: float
    wish: timedelta = timedelta(0)

    @property
    def is_success(self) -> bool:
        return not self.error

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def send(delivery: WebhookDelivery) -> Outcome:
    """Send an event to an endpoint, once. Raises RuntimeError in a transaction, and nothing else.

    The delivery has its endpoint and its event.
    """
    began = time.monotonic()
    try:
        answer = Door(tenant=delivery.endpoint_id).ask(
            _request(delivery), timeout=TIMEOUT, read=_as_it_is
        )
    except CannotUnseal as error:
        return Outcome(None, "", str(error), 0.0)
    except ProviderError as error:
        return _failure(error, time.monotonic() - began)
    seconds = time.monotonic() - began
    return Outcome(answer.status, _kept(answer.text), "", seconds)


def _request(delivery: WebhookDelivery) -> Request:
    endpoint, event = delivery.endpoint, delivery.event
    # This machine's clock, as receivers compare it to theirs.
    now, body = datetime.now(UTC), event.body.encode()
    signed = signing.headers(event.webhook_id, now, body, signing.valid_secrets(endpoint, now))
    return Request(
        operation="webhook.deliver",
        name="The endpoint",
        action="Webhook POST",
        method="POST",
        url=endpoint.url,
        headers={"Content-Type": "application/json", **signed},
        data=body,
        is_strangers=True,
        largest=LARGEST_ANSWER,
    )


def _as_it_is(answer: Answer) -> Answer:
    return answer


def _failure(error: ProviderError, seconds: float) -> Outcome:
    wish = timedelta(seconds=error.retry_after or 0)
    return Outcome(error.status, _kept(error.response), _sentence(error), seconds, wish)


def _sentence(error: ProviderError) -> str:
    if error.status is not None and 300 <= error.status < 400:
        return f"It answered {error.status}. Redirects are not followed: enter where it leads."
    if error.status is not None:
        return f"It answered {error.status}; what is taken is answered by 200 to 299."
    if isinstance(error, Unreachable) and not isinstance(error, Forbidden):
        return UNREACHABLE
    return storable(str(error))


def _kept(text: str) -> str:
    return storable(text[:KEPT_OF_ANSWER])
