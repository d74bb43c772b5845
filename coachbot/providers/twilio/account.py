"""Asking Twilio whether an account is right: the account, its sender, its templates.

docs/providers/twilio.md (section 6) has the facts this relies on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from coachbot.providers.findings import BadKey, Finding
from coachbot.providers.reading import fields, text
from coachbot.providers.transport import Door
from coachbot.providers.twilio.asking import Account
from coachbot.providers.twilio.questions import Questions
from coachbot.providers.twilio.senders import check_sender

TRIAL = "It is a trial: it writes only to numbers that were verified in Twilio's console."


def verify_account(door: Door, account: Account, *, events_url: str) -> list[Finding]:
    """Return what Twilio says of an account, part by part. Takes up to 12 seconds.

    events_url: where Twilio should send what leads write. Raises nothing: what could not be asked
    is a finding too.
    """
    asking = Questions(door, account)
    try:
        account_itself = list(_check_account(asking))
        if any(finding.is_fine is False and finding.is_answer for finding in account_itself):
            return account_itself  # nothing else of it is shown
        return [
            *account_itself,
            *check_sender(asking, events_url),
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


def _check_account(asking: Questions) -> Iterator[Finding]:
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


def _check_template(asking: Questions, which: str, sid: str) -> Iterator[Finding]:
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
    finding = _judge_approval(which, fields(found.get("whatsapp")))
    # The sandbox has templates of its own, whatever is approved of the account's.
    yield Finding(None, finding.sentence) if asking.account.is_sandbox else finding


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
