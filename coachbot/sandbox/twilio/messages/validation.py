"""What Twilio says against a message before it looks at anything else."""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from coachbot.sandbox.messages import Reply
from coachbot.sandbox.twilio.errors import refusal
from coachbot.sandbox.twilio.memory import Account
from coachbot.sandbox.twilio.services import contents

LONGEST_BODY = 1_600
ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.[A-Za-z0-9]{1,128})")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")


def refuse(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    """The refusal of what was posted to Messages; None if there is nothing against it."""
    for check in (_to, _sender, _body, _content, _callback):
        if refused := check(account, wanted):
            return refused
    return None


def _to(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    to = wanted.get("To", "")
    if not to:
        return refusal(21604, "A 'To' phone number is required.")
    if not ADDRESS.fullmatch(to):
        return refusal(21211, f"The 'To' number {to} is not a valid phone number.")
    if to == wanted.get("From"):
        return refusal(21266, "'To' and 'From' number cannot be the same")
    return None


def _sender(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    sender, service = wanted.get("From", ""), wanted.get("MessagingServiceSid", "")
    if not sender and not service:
        return refusal(21603, "A 'From' phone number is required.")
    if service and not SERVICE.fullmatch(service):
        return refusal(21705, f"The Messaging Service Sid {service} is invalid")
    owned = account.settings.senders
    if sender and (not ADDRESS.fullmatch(sender) or (owned and sender not in owned)):
        return refusal(63007, "Twilio could not find a Channel with the specified From address")
    return None


def _body(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    if not wanted.get("Body") and not wanted.get("ContentSid"):
        return refusal(21602, "Message body is required.")
    if len(wanted.get("Body", "")) > LONGEST_BODY:
        return refusal(21617, "The concatenated message body exceeds the 1600 character limit")
    return None


def _content(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    sid, variables = wanted.get("ContentSid", ""), wanted.get("ContentVariables", "")
    if not sid:
        return None
    if not CONTENT.fullmatch(sid) or contents.is_missing(sid):
        return refusal(21655, f"The ContentSid {sid} is Invalid")
    try:
        read = json.loads(variables or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict) or not all(isinstance(v, str) and v for v in read.values()):
        return refusal(21656, "The Content Variables Parameter is invalid")
    return None


def _callback(account: Account, wanted: Mapping[str, str]) -> Reply | None:
    url = wanted.get("StatusCallback", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname:
        return refusal(21609, f"The 'StatusCallback' URL {url} is not a valid URL.")
    return None
