"""Asking Twilio whether an account is right: the account, its sender, its templates.

docs/providers/twilio.md (section 6) has the facts this relies on.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

from django.conf import settings

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.findings import Finding, failure
from coachbot.providers.reading import fields, items, text
from coachbot.providers.transport import Answer, Door
from coachbot.providers.twilio.asking import Account, ask

# Seconds for all questions together, as a page waits for their answers, and for one of them.
ALTOGETHER = 12.0
TIMEOUT = 4.0
SENDERS_A_PAGE = 200
SANDBOX = (
    "The sender is Twilio's sandbox: it writes only to people who sent it the join code within "
    "three days, and only three fixed templates of Twilio's. Use it to try things out."
)
TRIAL = "It is a trial: it writes only to numbers that were verified in Twilio's console."


class BadKey(Exception):
    """Twilio does not accept SID and token, so it says nothing of the rest."""


def verify_account(door: Door, account: Account, *, events_url: str) -> list[Finding]:
    """Return what Twilio says of an account, part by part. Takes up to 12 seconds.

    events_url: where Twilio should send what leads write. Raises nothing: what could not be asked
    is a finding too.
    """
    asking = _Asking(door, account, Deadline(ALTOGETHER))
    try:
        return [
            *_check_account(asking),
            *_check_sender(asking, events_url),
            *_check_template(asking, "opener", account.opener_content_sid),
            *_check_template(asking, "follow-up", account.follow_up_content_sid),
        ]
    except BadKey:
        return [
            Finding(
                False,
                "Twilio does not accept the account SID with this auth token. Copy both from the "
                "Twilio console; an API key is something else. A suspended account is refused too.",
            )
        ]


class _Asking:
    """Questions about an account, which together have a deadline."""

    def __init__(self, door: Door, account: Account, deadline: Deadline):
        self.account, self._door, self._deadline = account, door, deadline

    def ask(
        self, operation: str, url: str, what: str, *, missing: str, **params: str
    ) -> Mapping[str, Any] | Finding:
        """Return the object at an address, or the finding that says why not. Raises BadKey.

        what: its name in a sentence. missing: the sentence where Twilio does not know it.
        """
        try:
            return ask(
                self._door,
                self.account,
                operation,
                url,
                timeout=min(TIMEOUT, settings.TWILIO_TIMEOUT, self._deadline.remaining()),
                params=params or None,
                is_quiet=True,  # the row of who asked says what was found
                read=_object,
            )
        except ProviderError as error:
            if error.status == 401:
                raise BadKey from error
            if error.status == 404:
                return Finding(False, missing)
            return failure(
                error,
                refused=f"Twilio does not show the {what}.",
                unanswered=f"The {what} could not be checked.",
            )


def _object(answer: Answer) -> Mapping[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderError("Twilio's answer is not readable.")
    return found


def _check_account(asking: _Asking) -> Iterator[Finding]:
    found = asking.ask(
        "get_account",
        f"{settings.TWILIO_BASE_URL}{asking.account.path}.json",
        "account",
        missing="Twilio knows no account with this SID. Copy it from the Twilio console.",
    )
    if isinstance(found, Finding):
        yield found
        return
    name = text(found.get("friendly_name")) or asking.account.account_sid
    status = text(found.get("status")).lower() or "active"
    if status != "active":
        yield Finding(False, f"The account {name} is {status}, so it cannot send.")
    elif text(found.get("type")).lower() == "trial":
        yield Finding(None, f"The account is there: {name}. {TRIAL}")
    else:
        yield Finding(True, f"The account is active: {name}.")


def _check_sender(asking: _Asking, events_url: str) -> Iterator[Finding]:
    if asking.account.is_sandbox:
        yield Finding(None, f"{SANDBOX} Enter {events_url} in its settings in the console.")
    elif asking.account.is_service:
        yield from _check_service(asking, events_url)
    else:
        yield from _check_number(asking, events_url)


def _check_service(asking: _Asking, events_url: str) -> Iterator[Finding]:
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


def _check_number(asking: _Asking, events_url: str) -> Iterator[Finding]:
    found = _find_sender(asking)
    if isinstance(found, Finding):
        yield found
        return
    yield _judge_sender(asking.account, found)
    webhook = fields(found.get("webhook"))
    yield _judge_webhook(text(webhook.get("callback_url")), events_url, "sender")


def _find_sender(asking: _Asking) -> Mapping[str, Any] | Finding:
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
    shared = f"{settings.PUBLIC_BASE_URL}/api/whatsapp/inbound"
    told, ours = urldefrag(url), urldefrag(events_url).url
    if told.url.rstrip("/") not in (ours, shared):
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


def _check_template(asking: _Asking, which: str, sid: str) -> Iterator[Finding]:
    if not sid:
        if which == "follow-up":
            yield Finding(
                None, "There is no follow-up template: who does not answer is written to once."
            )
        return
    found = asking.ask(
        "get_approval",
        f"{settings.TWILIO_CONTENT_BASE_URL}/v1/Content/{sid}/ApprovalRequests",
        f"{which} template",
        missing=f"Twilio knows no template {sid} in this account ({which}).",
    )
    if isinstance(found, Finding):
        yield found
        return
    yield _judge_approval(which, fields(found.get("whatsapp")))


def _judge_approval(which: str, approval: Mapping[str, Any]) -> Finding:
    status = text(approval.get("status")).lower() or "unsubmitted"
    category = text(approval.get("category")).lower()
    if status == "approved":
        catch = " It is a marketing template: WhatsApp limits how many a person gets."
        is_marketing = category == "marketing"
        said = f"The {which} template is approved.{catch if is_marketing else ''}"
        return Finding(None if is_marketing else True, said)
    why = text(approval.get("rejection_reason"))
    return Finding(
        False,
        f"The {which} template cannot be sent: WhatsApp's approval is {status}. "
        + (why or _what_to_do(status)),
    )


def _what_to_do(status: str) -> str:
    if status == "unsubmitted":
        return "Submit it for approval in Twilio's Content Template Builder."
    if status in ("received", "pending"):
        return "Wait: it takes minutes, at most two days."
    return "Have another template approved and enter its SID."
