"""Twilio, outbound: sending a WhatsApp message, and finding one again. events.py is the inbound
half.

Twilio knows no idempotency key: a POST that times out has an unknown outcome, which the status
callback or the list of messages settles. docs/providers/twilio.md has the facts this relies on.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

from django.conf import settings

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.exchange import Answer
from coachbot.providers.reading import EARLIEST_YEAR, LATEST_YEAR, fields, items, text
from coachbot.providers.transport import Door
from coachbot.providers.twilio.asking import Account, ask
from coachbot.providers.twilio.errors import read_code

# Characters of one text; what is longer is refused (21617).
LONGEST_TEXT = 1_600
# Seconds that a message may wait at Twilio: a greeting that leaves hours late is worse than none.
VALIDITY = 3_600
PAGE_SIZE = 50
SID = re.compile(r"[A-Za-z0-9]{1,64}")
LARGEST_LIST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """A message that Twilio took. status: its word, `queued` or `accepted` at first."""

    sid: str
    status: str


@dataclass(frozen=True)
class Listed:
    """A message as Twilio holds it. direction: `inbound`, `outbound-api`; error_code: "" or as
    "63016". created_at, sent_at: aware, None where Twilio does not say.
    """

    sid: str
    direction: str
    status: str
    from_: str
    to: str
    body: str
    error_code: str
    num_media: int
    created_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Page:
    """A page of messages, newest first. next_url: of the page after it, "" for the last one."""

    messages: tuple[Listed, ...]
    next_url: str


def send_text(
    door: Door, account: Account, *, to: str, body: str, callback_url: str, timeout: float
) -> Sent:
    """Send a text. to: `whatsapp:+` and digits. callback_url: where Twilio reports, "" for nowhere.

    Raises Refused, Unreachable, or Unclear: then it may have been sent all the same. Refused with
    the code `twilio.busy` was never processed.
    """
    return _send(door, account, "send_text", to, {"Body": body}, callback_url, timeout)


def send_template(
    door: Door,
    account: Account,
    *,
    to: str,
    content_sid: str,
    variables: Mapping[str, str],
    callback_url: str,
    timeout: float,
) -> Sent:
    """Send an approved template. variables: by its numbers; one that is left out would be sent as
    the template's own sample. Raises as send_text() does.
    """
    content = {
        "ContentSid": content_sid,
        "ContentVariables": json.dumps(dict(variables), ensure_ascii=False),
    }
    return _send(door, account, "send_template", to, content, callback_url, timeout)


def _send(
    door: Door,
    account: Account,
    operation: str,
    to: str,
    content: Mapping[str, str],
    callback_url: str,
    timeout: float,
) -> Sent:
    sender = "MessagingServiceSid" if account.is_service else "From"
    data = {"To": to, sender: account.from_, **content, "ValidityPeriod": str(VALIDITY)}
    if callback_url:
        data["StatusCallback"] = callback_url
    # The log does not repeat what the lead's own page says.
    told = {name: value for name, value in data.items() if name not in content}
    if "ContentSid" in content:
        told["ContentSid"] = content["ContentSid"]
    return ask(
        door,
        account,
        operation,
        _messages_url(account),
        method="POST",
        timeout=timeout,
        data=data,
        told=told,
        read=_sent,
        worth=lambda sent: vars(sent),
    )


def _messages_url(account: Account) -> str:
    return f"{settings.TWILIO_BASE_URL}{account.path}/Messages.json"


def _sent(answer: Answer) -> Sent:
    found = fields(answer.json())
    sid = _sid(found.get("sid"))
    if not sid:
        raise Unclear(
            f"Twilio took a message ({answer.status}), but the answer holds no sid.",
            status=answer.status,
            response=answer.text,
        )
    return Sent(sid, text(found.get("status")))


def fetch_message(door: Door, account: Account, sid: str, *, timeout: float) -> Listed:
    """Return a message as Twilio holds it now.

    Raises ProviderError; Refused with the code `twilio.not_found` where there is none.
    """
    url = f"{settings.TWILIO_BASE_URL}{account.path}/Messages/{quote(sid, safe='')}.json"
    return ask(
        door, account, "fetch_message", url, timeout=timeout, is_quiet=True, read=_one_listed
    )


def _one_listed(answer: Answer) -> Listed:
    found = _listed(answer.json())
    if found is None:
        raise ProviderError("Twilio answered something other than a message.")
    return found


def list_messages(
    door: Door,
    account: Account,
    *,
    to: str = "",
    from_: str = "",
    since: date | None = None,
    page_url: str = "",
    timeout: float,
) -> Page:
    """Return messages of the account, newest first: those between two numbers, since a day (UTC).

    page_url: the `next_url` of the page before, instead of all these. A message that is not sent
    yet may be left out where `since` is given. Raises ProviderError.
    """
    wanted = {"To": to, "From": from_, "DateSent>": since.isoformat() if since else ""}
    params = {name: value for name, value in wanted.items() if value}
    return ask(
        door,
        account,
        "list_messages",
        page_url or _messages_url(account),
        timeout=timeout,
        params=None if page_url else {**params, "PageSize": str(PAGE_SIZE)},
        largest=LARGEST_LIST,
        is_quiet=True,  # what it taught is written where it changes a message
        read=lambda answer: _page(account, answer),
    )


def _page(account: Account, answer: Answer) -> Page:
    found = fields(answer.json())
    if not isinstance(found.get("messages"), list):
        raise ProviderError("Twilio answered something other than a list of messages.")
    listed = tuple(filter(None, map(_listed, items(found["messages"]))))
    return Page(listed, _next_url(account, text(found.get("next_page_uri"))))


def _next_url(account: Account, uri: str) -> str:
    """Return the address of the next page; "" for any that does not list this account's messages,
    as its token must go nowhere else.
    """
    path = urlsplit(uri).path if uri.startswith("/") and not uri.startswith("//") else ""
    return f"{settings.TWILIO_BASE_URL}{uri}" if path == f"{account.path}/Messages.json" else ""


def _listed(value: object) -> Listed | None:
    found = fields(value)
    sid = _sid(found.get("sid"))
    if not sid:
        return None
    return Listed(
        sid=sid,
        direction=text(found.get("direction")),
        status=text(found.get("status")),
        from_=text(found.get("from")),
        to=text(found.get("to")),
        body=text(found.get("body")),
        error_code=read_code(found.get("error_code")),
        num_media=_number(found.get("num_media")),
        created_at=_moment(found.get("date_created")),
        sent_at=_moment(found.get("date_sent")),
    )


def _sid(value: object) -> str:
    return value if isinstance(value, str) and SID.fullmatch(value) else ""


def _number(value: object) -> int:
    """Return a small count, which Twilio writes as text; 0 for anything else."""
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)
    return int(told) if re.fullmatch(r"[0-9]{1,3}", told) else 0


def _moment(value: object) -> datetime | None:
    """Read a date as mails have it (RFC 2822)."""
    try:
        found = parsedate_to_datetime(text(value))
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
