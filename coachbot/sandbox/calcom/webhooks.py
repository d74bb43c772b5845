"""/v2/event-types/{id}/webhooks: who is told of an event type's bookings."""

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.calcom.replies import error_reply, success
from coachbot.sandbox.calcom.telling import Hook
from coachbot.sandbox.messages import Reply, Request

KNOWN = (
    *("BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED"),
    *("BOOKING_REJECTED", "BOOKING_PAID", "BOOKING_PAYMENT_INITIATED"),
    *("BOOKING_NO_SHOW_UPDATED", "MEETING_STARTED", "MEETING_ENDED", "RECORDING_READY"),
)
FIELDS = ("active", "subscriberUrl", "triggers", "secret", "payloadTemplate", "version")


class Hooks:
    """The webhooks by key and event type. Safe to use from many threads."""

    def __init__(self) -> None:
        self._hooks: dict[tuple[str, int], dict[str, Hook]] = {}
        self._changing = threading.Lock()

    def of(self, key: str, event_type_id: int) -> list[Hook]:
        """Those that a key made at an event type."""
        with self._changing:
            return list(self._hooks.get((key, event_type_id), {}).values())

    def put(self, key: str, event_type_id: int, hook: Hook) -> None:
        """Keep one, in the place of that with its id."""
        with self._changing:
            self._hooks.setdefault((key, event_type_id), {})[hook.id] = hook

    def remove(self, key: str, event_type_id: int, hook_id: str) -> Hook | None:
        """Forget one, and give it out; None if there is none."""
        with self._changing:
            return self._hooks.get((key, event_type_id), {}).pop(hook_id, None)

    def answer(self, request: Request, event_type_id: str, hook_id: str = "") -> Reply:
        """Any request for webhooks in, its reply out."""
        event_type, number = event_types.choose(event_type_id), int(event_type_id)
        if event_type.is_silent:
            return event_types.SILENT
        if event_type.webhook_refusal and (refused := event_type.webhook_refusal(request)):
            return refused
        if request.method == "GET" and not hook_id:
            return success([hook.shown for hook in self.of(request.key, number)])
        if request.method == "POST":
            made = Hook(secrets.token_hex(8), "", (), "")
            return self._write(request, number, made, 201)
        found = {hook.id: hook for hook in self.of(request.key, number)}.get(hook_id)
        if found is None:
            text = f"Webhook with id {hook_id} not found"
            return error_reply(request, 404, "NotFoundException", text)
        if request.method == "DELETE":
            self.remove(request.key, number, hook_id)
        elif request.method == "PATCH":
            return self._write(request, number, found, 200)
        return success(found.shown)

    def _write(self, request: Request, number: int, hook: Hook, status: int) -> Reply:
        wanted = json.loads(request.body or b"{}")
        if wrong := _violation(wanted):
            return error_reply(request, 400, "BadRequestException", wrong)
        changed = replace(
            hook,
            url=str(wanted.get("subscriberUrl", hook.url)),
            triggers=tuple(wanted.get("triggers", hook.triggers)),
            secret=str(wanted.get("secret", hook.secret)),
            is_active=bool(wanted.get("active", hook.is_active)),
        )
        self.put(request.key, number, changed)
        return success(changed.shown, status)


def _violation(wanted: Mapping[str, Any]) -> str:
    """What Cal.com would say against the body; "" if nothing."""
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        return f"{unknown[0]} property is wrong,property {unknown[0]} should not exist"
    if not set(wanted.get("triggers", ())) <= set(KNOWN):
        known = ", ".join(KNOWN)
        return f"each value in triggers must be one of the following values: {known}"
    return ""
