"""Whether an account's sender can write, and whether Twilio sends us what leads write to it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.conf import settings

from coachbot.providers.findings import Finding
from coachbot.providers.reading import fields, items, text
from coachbot.providers.twilio.asking import Account
from coachbot.providers.twilio.questions import Questions

SENDERS_A_PAGE = 200
SANDBOX = (
    "The sender is Twilio's sandbox: it writes only to people who sent it the join code within "
    "three days, and only three fixed templates of Twilio's. Use it to try things out."
)


def check_sender(asking: Questions, events_url: str) -> Iterator[Finding]:
    """Yield what Twilio says of the sender. events_url: where messages should go. Raises BadKey."""
    if asking.account.is_sandbox:
        yield Finding(None, f"{SANDBOX} Enter {events_url} in its settings in the console.")
    elif asking.account.is_service:
        yield from _check_service(asking, events_url)
    else:
        yield from _check_number(asking, events_url)


def _check_service(asking: Questions, events_url: str) -> Iterator[Finding]:
    sid = asking.account.from_
    found = asking.ask(
        "get_service",
        f"{settings.TWILIO_MESSAGING_BASE_URL}/v1/Services/{sid}",
        "Messaging Service",
        missing=f"Twilio knows no Messaging Service {sid} in this account.",
    )
    if isinstance(found, Finding):
        yield found
        return
    yield Finding(True, f"The Messaging Service is there: {text(found.get('friendly_name'))}.")
    if found.get("use_inbound_webhook_on_number") is True:
        yield Finding(
            None,
            "The Messaging Service passes messages on by the address of each sender. Enter "
            f"{events_url} at the sender.",
        )
    else:
        yield _judge_webhook(text(found.get("inbound_request_url")), events_url, "service")


def _check_number(asking: Questions, events_url: str) -> Iterator[Finding]:
    found = _find_sender(asking)
    if isinstance(found, Finding):
        yield found
        return
    yield _judge_sender(asking.account, found)
    webhook = fields(found.get("webhook"))
    yield _judge_webhook(text(webhook.get("callback_url")), events_url, "sender")


def _find_sender(asking: Questions) -> Mapping[str, Any] | Finding:
    """Return the sender with the account's number. The list tells less than the sender itself."""
    number = asking.account.from_
    base = f"{settings.TWILIO_MESSAGING_BASE_URL}/v2/Channels/Senders"
    missing = (
        f"{number.removeprefix('whatsapp:')} is no WhatsApp sender of this account. Copy it from "
        "the Twilio console (Messaging, Senders, WhatsApp senders)."
    )
    listed = asking.ask(
        *("list_senders", base, "sender"),
        missing=missing,
        Channel="whatsapp",
        PageSize=str(SENDERS_A_PAGE),
    )
    if isinstance(listed, Finding):
        return listed
    senders = map(fields, items(listed.get("senders")))
    mine = next((one for one in senders if text(one.get("sender_id")) == number), None)
    if mine is None:
        has_more = bool(text(fields(listed.get("meta")).get("next_page_url")))
        return Finding(False, missing, is_answer=not has_more)
    sid = text(mine.get("sid"))
    if "webhook" in mine or not sid.isalnum():
        return mine
    return asking.ask("get_sender", f"{base}/{sid}", "sender", missing=missing)


def _judge_sender(account: Account, sender: Mapping[str, Any]) -> Finding:
    number = account.from_.removeprefix("whatsapp:")
    status = text(sender.get("status")).upper() or "ONLINE"
    if not status.startswith("ONLINE"):
        reasons = [text(fields(one).get("message")) for one in items(sender.get("offline_reasons"))]
        why = " ".join(filter(None, reasons))
        said = f"The sender {number} cannot write: Twilio says that it is {status.lower()}. {why}"
        return Finding(False, said.strip())
    properties = fields(sender.get("properties"))
    quality = text(properties.get("quality_rating"))
    limit = text(properties.get("messaging_limit"))
    more = [f"quality {quality.lower()}"] if quality else []
    more += [f"at most {limit}"] if limit else []
    return Finding(True, f"The sender {number} is online{''.join(f', {one}' for one in more)}.")


def _judge_webhook(url: str, events_url: str, where: str) -> Finding:
    """Say whether Twilio sends us what leads write. That it does not keeps nobody from writing."""
    told, ours = urldefrag(url), urldefrag(events_url).url
    of_all = urljoin(ours, "../inbound")  # that of all workspaces
    if told.url.rstrip("/") not in (ours, of_all):
        named = "has another address" if url else "has no address"
        return Finding(
            None,
            f"Twilio does not send us what leads write: the {where} {named} for incoming "
            f"messages. Enter {events_url} there.",
        )
    if "rp=" not in told.fragment:
        return Finding(
            None,
            "Twilio sends us what leads write, but not again where this server was away for a "
            f"moment. Enter {events_url} at the {where}: what stands behind # asks for that.",
        )
    return Finding(True, "Twilio sends us what leads write.")
