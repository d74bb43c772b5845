"""Templates (Content API): every HX… is one, approved, but for those that begin otherwise."""

import json
import re
import threading
from collections.abc import Mapping
from typing import Any

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.twilio import errors
from coachbot.sandbox.twilio.memory import Account, new_sid

MISSING_PREFIX = "HX00000000"
# By the first letters of a template's id: what Meta says of it.
BY_PREFIX = {
    "HX11111111": "pending",
    "HX22222222": "rejected",
    "HX33333333": "paused",
    "HX44444444": "disabled",
}
# What a template says that was not made here, and the samples that stand for what is left out.
TEXT = (
    "Hi {{1}}, this is {{2}}. You wrote to us about this: {{3}}. We would like to help, and have a "
    "question or two. Just answer here."
)
SAMPLES = {"1": "John", "2": "Sample Studio", "3": "our offer"}
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Contents:
    """The templates that were made here, by id. Safe to use from many threads."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, dict[str, Any]] = {}
        self._changing = threading.Lock()

    def text(self, sid: str, variables: Mapping[str, str]) -> str:
        """What a lead reads of a template."""
        made = self._made.get(sid, {})
        types = made.get("types") or {}
        text = next((str(kind["body"]) for kind in types.values() if "body" in kind), TEXT)
        values = {**SAMPLES, **(made.get("variables") or {}), **variables}
        return PLACE.sub(lambda place: str(values.get(place[1], "")), text)

    def create(self, request: Request, account: Account) -> Reply:
        """POST /v1/Content"""
        try:
            wanted = json.loads(request.body or b"")
            made: dict[str, Any] = {
                "sid": new_sid("HX"),
                "account_sid": account.sid,
                "friendly_name": str(wanted.get("friendly_name") or ""),
                "language": str(wanted["language"]),
                "variables": wanted.get("variables") or {},
                "types": dict(wanted["types"]),
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            return errors.refusal(20001, "Bad request: language and types are required")
        with self._changing:
            self._made[made["sid"]] = made
        return json_reply(
            {**made, "url": f"https://content.twilio.com/v1/Content/{made['sid']}"}, 201
        )

    def show(self, request: Request, account: Account, sid: str) -> Reply:
        """GET /v1/Content/{Sid}"""
        if is_missing(sid):
            return errors.missing(request.path)
        given = {
            "sid": sid,
            "account_sid": account.sid,
            "friendly_name": "opener",
            "language": "en",
            "variables": SAMPLES,
            "types": {"twilio/text": {"body": TEXT}},
        }
        return json_reply(self._made.get(sid, given))

    def ask_approval(self, request: Request, account: Account, sid: str) -> Reply:
        """POST /v1/Content/{Sid}/ApprovalRequests/whatsapp"""
        try:
            wanted = json.loads(request.body or b"")
            asked = {"name": str(wanted["name"]), "category": str(wanted["category"])}
        except (ValueError, KeyError, TypeError):
            return errors.refusal(20001, "Bad request: name and category are required")
        if is_missing(sid):
            return errors.missing(request.path)
        with self._changing:
            self._asked[sid] = asked
        return json_reply({**asked, **_approval("received"), "content_type": "twilio/text"}, 201)

    def show_approval(self, request: Request, account: Account, sid: str) -> Reply:
        """GET /v1/Content/{Sid}/ApprovalRequests"""
        if is_missing(sid):
            return errors.missing(request.path)
        asked = self._asked.get(sid, {"name": "opener", "category": "UTILITY"})
        approval = {**asked, **_approval(status_of(sid, account)), "content_type": "twilio/text"}
        body = {"sid": sid, "account_sid": account.sid, "whatsapp": approval}
        return json_reply({**body, "url": f"https://content.twilio.com{request.path}"})


def is_missing(sid: str) -> bool:
    """Whether there is no template with this id."""
    return sid.startswith(MISSING_PREFIX)


def status_of(sid: str, account: Account) -> str:
    """What Meta says of a template: approved, pending, rejected, paused or disabled."""
    return account.settings.template_status or BY_PREFIX.get(sid[:10], "approved")


def _approval(status: str) -> dict[str, Any]:
    reason = "Variables cannot be at the end of the template." if status == "rejected" else ""
    return {"status": status, "rejection_reason": reason, "allow_category_change": True}
