"""What Twilio's other services show of an account: its state, senders and messaging services."""

import hashlib

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.twilio import errors
from coachbot.sandbox.twilio.memory import Account

SENDERS = "https://messaging.twilio.com/v2/Channels/Senders"


def show_account(request: Request, account: Account) -> Reply:
    """GET /2010-04-01/Accounts/{Sid}.json"""
    settings = account.settings
    body = {
        "sid": account.sid,
        "friendly_name": "Sandbox account",
        "status": settings.status,
        "type": settings.kind,
        "owner_account_sid": account.sid,
        "uri": f"/2010-04-01/Accounts/{account.sid}.json",
    }
    return json_reply(body)


def list_senders(request: Request, account: Account) -> Reply:
    """GET /v2/Channels/Senders: the account's own, the one it sent as last, those set up."""
    shown = [_sender(account, sender) for sender in account.senders]
    for sender in shown:  # the list tells less than the sender itself
        del sender["webhook"], sender["configuration"]
    meta = {"page": 0, "page_size": 50, "key": "senders", "next_page_url": None}
    meta |= {"url": f"{SENDERS}?Channel=whatsapp&PageSize=50&Page=0", "previous_page_url": None}
    return json_reply({"senders": shown, "meta": {**meta, "first_page_url": meta["url"]}})


def show_sender(request: Request, account: Account, sid: str) -> Reply:
    """GET /v2/Channels/Senders/{XE}"""
    for sender in account.senders:
        if _sid_of(sender) == sid:
            return json_reply(_sender(account, sender))
    return errors.missing(request.path)


def show_service(request: Request, account: Account, sid: str) -> Reply:
    """GET /v1/Services/{MG}: every one exists, but for MG and zeros."""
    if sid == "MG" + "0" * 32:
        return errors.missing(request.path)
    body = {
        "sid": sid,
        "account_sid": account.sid,
        "friendly_name": "Sandbox service",
        "inbound_request_url": account.settings.service_inbound_url or None,
        "inbound_method": "POST",
        "status_callback": None,
        "use_inbound_webhook_on_number": not account.settings.service_inbound_url,
    }
    return json_reply(body)


def type_indicator(request: Request, account: Account) -> Reply:
    """POST /v2/Indicators/Typing.json"""
    return json_reply({"success": True})


def _sid_of(sender: str) -> str:
    return f"XE{hashlib.md5(sender.encode(), usedforsecurity=False).hexdigest()}"


def _sender(account: Account, sender: str) -> dict[str, object]:
    status = account.settings.sender_status
    reasons = [{"code": "63020", "message": "The business is not verified."}]
    return {
        "sid": _sid_of(sender),
        "sender_id": sender,
        "status": status,
        "configuration": {"waba_id": "1000000000"},
        "webhook": {
            "callback_url": account.registered_url or None,
            "callback_method": "POST",
            "status_callback_url": None,
        },
        "profile": {"name": "Sandbox studio"},
        "properties": {"quality_rating": "HIGH", "messaging_limit": "10K Customers/24hr"},
        "offline_reasons": reasons if status == "OFFLINE" else None,
        "url": f"{SENDERS}/{sender}",
    }
