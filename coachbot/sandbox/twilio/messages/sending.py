"""POST Messages.json: check what was sent, let the number choose what happens, accept it or not."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.twilio import outcomes
from coachbot.sandbox.twilio.addresses import number_of
from coachbot.sandbox.twilio.memory import Account, Memory, Message, new_sid
from coachbot.sandbox.twilio.messages import validation
from coachbot.sandbox.twilio.messages.delivering import Delivery
from coachbot.sandbox.twilio.services.contents import Contents


class Sending:
    """Takes messages to leads."""

    def __init__(self, memory: Memory, contents: Contents, delivery: Delivery) -> None:
        self._memory, self._contents, self._delivery = memory, contents, delivery

    def create(self, request: Request, account: Account) -> Reply:
        """A form in; 201 with the message out, or whatever the number's last digits stand for."""
        wanted = dict(parse_qsl((request.body or b"").decode(), keep_blank_values=True))
        if refused := validation.refuse(account, wanted):
            return refused
        lead = number_of(wanted["To"])
        outcome = outcomes.choose(
            lead,
            attempt=self._memory.count_attempt(account.sid, lead),
            digits=account.settings.outcome,
        )
        if not outcome.accepted:
            return replace(outcome.answer(wanted, None), delay=outcome.delay)
        message = self._accept(account, wanted)
        shown = message.shown()
        if not wanted.get("From"):  # the service has not chosen a sender yet
            shown["from"] = None
        self._delivery.begin(account, message, outcome)
        return replace(outcome.answer(wanted, shown), delay=outcome.delay)

    def _accept(self, account: Account, wanted: Mapping[str, str]) -> Message:
        now, service = self._memory.now(), wanted.get("MessagingServiceSid", "")
        variables = json.loads(wanted.get("ContentVariables") or "{}")
        content = wanted.get("ContentSid", "")
        body = self._contents.text(content, variables) if content else wanted["Body"]
        account.sender = wanted.get("From") or account.own_sender
        account.status_url = wanted.get("StatusCallback") or account.status_url
        message = Message(
            account_sid=account.sid,
            sid=new_sid("SM"),
            direction="outbound-api",
            from_=account.sender,
            to=wanted["To"],
            body=body,
            status="accepted" if service else "queued",
            created=now,
            shown_from=now + timedelta(seconds=account.settings.list_lag),
            service_sid=service,
            content_sid=content,
            callback=wanted.get("StatusCallback", ""),
        )
        self._memory.add(message)
        return message
