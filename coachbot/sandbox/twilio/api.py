"""The map of Twilio's API: which path leads where, and who may come in."""

import base64
from collections.abc import Callable
from typing import Any

from coachbot.sandbox import routes
from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.routes import Route
from coachbot.sandbox.twilio import errors, outcomes
from coachbot.sandbox.twilio.leads.answering import Leads
from coachbot.sandbox.twilio.leads.inbox import Inbox
from coachbot.sandbox.twilio.leads.shapes import Said
from coachbot.sandbox.twilio.memory import VERSION, Memory, Message
from coachbot.sandbox.twilio.messages import listing
from coachbot.sandbox.twilio.messages.delivering import Delivery
from coachbot.sandbox.twilio.messages.sending import Sending
from coachbot.sandbox.twilio.pages import control, phone
from coachbot.sandbox.twilio.pages.control import Control
from coachbot.sandbox.twilio.pages.phone import Phone
from coachbot.sandbox.twilio.services import senders
from coachbot.sandbox.twilio.services.contents import MISSING_PREFIX, Contents
from coachbot.sandbox.twilio.stage import Stage
from coachbot.sandbox.twilio.webhooks.telling import Teller

WRONG_PREFIX = "wrong"


class Twilio:
    """Twilio with all its accounts: every SID is one."""

    below = (
        f"/{VERSION}/",
        "/v2/Channels/",
        "/v2/Indicators/",
        "/v1/Services",
        "/v1/Content",
        control.PATH,
    )
    about = (
        "Twilio is at the address itself: TWILIO_BASE_URL. Every account SID and token are good, "
        f"unless the token begins with `{WRONG_PREFIX}`; so is every template, unless its id "
        f"begins with {MISSING_PREFIX}. POST {control.PATH} under SID and token changes what an "
        f"account has set up, {control.INBOUND} writes as a lead, {control.LATER} lets hours pass. "
        f"In a browser, {phone.PATH} is the lead's phone. "
        "The last two digits of the number that is written to decide:"
    )
    rows = tuple((row.digits, row.says) for row in (*outcomes.TABLE, outcomes.ORDINARY))

    def __init__(self, conditions: Conditions) -> None:
        self.memory = Memory(conditions.now, conditions.whatsapp_url)
        self.teller = Teller(conditions.now)
        self.inbox = Inbox(self.memory, self.teller)
        self.contents = Contents()
        self._stage = Stage(conditions)
        leads = Leads(self._stage, self.memory, self.inbox)
        delivery = Delivery(self._stage, self.memory, self.teller, leads)
        self.sending = Sending(self.memory, self.contents, delivery)
        self.control = Control(self.memory, self.inbox, self.teller)
        self._phone = Phone(self.memory, self.inbox, self.teller)

    def answer(self, request: Request) -> Reply:
        """Any request in, its reply out. Never raises for what a client did wrong."""
        if request.path == phone.PATH:
            return self._phone.answer(request)
        route, captures = routes.find(ROUTES, request)
        if route is None or request.body is None:
            return errors.missing(request.path)
        sid, token = _credentials(request.headers.get("Authorization", ""))
        asked = captures.pop("account", sid)
        if not sid.startswith("AC") or not token or token.startswith(WRONG_PREFIX) or asked != sid:
            return errors.unauthorised()
        account = self.memory.account(sid)
        account.token = token
        # A suspended account still shows that it is one.
        is_shown = request.path.startswith((control.PATH, f"/{VERSION}/Accounts/{sid}.json"))
        if account.settings.status != "active" and not is_shown:
            return errors.unauthorised()
        return route.endpoint(self, request, account, **captures)

    def sent(self, account_sid: str) -> list[Message]:
        """All that an account sent, oldest first, also what is not listed yet."""
        return [one for one in self.memory.of(account_sid) if not one.is_inbound]

    def write(self, account_sid: str, number: str, body: str = "", **said: Any) -> str:
        """Let a lead (+44...) write to an account. said: fields of Said. The message's sid out."""
        account = self.memory.account(account_sid)
        return self.inbox.write(account, f"whatsapp:{number}", Said(body, **said)).sid

    def stop(self) -> None:
        """Deliver and tell nothing more."""
        self._stage.stop()


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, told = header.partition(" ")
    try:
        sid, _, token = base64.b64decode(told, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (sid, token) if scheme.lower() == "basic" else ("", "")


Endpoint = Callable[..., Reply]


def _plain(endpoint: Endpoint) -> Endpoint:
    """An endpoint that needs no more than the account."""
    return lambda twilio, request, account, **captures: endpoint(request, account, **captures)


def _of(part: str, name: str) -> Endpoint:
    """A method of one of its parts."""
    return lambda twilio, request, account, **captures: getattr(getattr(twilio, part), name)(
        request, account, **captures
    )


def _of_memory(endpoint: Endpoint) -> Endpoint:
    return lambda twilio, request, account, **captures: endpoint(
        request, account, twilio.memory, **captures
    )


ACCOUNT = rf"/{VERSION}/Accounts/(?P<account>[^/.]+)"
CONTENT = r"/v1/Content/(?P<sid>[^/]+)"
ROUTES = (
    Route("POST", ACCOUNT + r"/Messages\.json", _of("sending", "create")),
    Route("GET", ACCOUNT + r"/Messages\.json", _of_memory(listing.list_messages)),
    Route("GET", ACCOUNT + r"/Messages/(?P<sid>[^/.]+)\.json", _of_memory(listing.show_message)),
    Route("GET", ACCOUNT + r"\.json", _plain(senders.show_account)),
    Route("GET", r"/v2/Channels/Senders", _plain(senders.list_senders)),
    Route("GET", r"/v2/Channels/Senders/(?P<sid>[^/]+)", _plain(senders.show_sender)),
    Route("GET", r"/v1/Services/(?P<sid>[^/]+)", _plain(senders.show_service)),
    Route("POST", r"/v2/Indicators/Typing\.json", _plain(senders.type_indicator)),
    Route("POST", r"/v1/Content", _of("contents", "create")),
    Route("GET", CONTENT, _of("contents", "show")),
    Route("POST", CONTENT + r"/ApprovalRequests/whatsapp", _of("contents", "ask_approval")),
    Route("GET", CONTENT + r"/ApprovalRequests", _of("contents", "show_approval")),
    Route("GET", control.PATH, _of("control", "show")),
    Route("POST", control.PATH, _of("control", "change")),
    Route("POST", control.INBOUND, _of("control", "write")),
    Route("POST", control.LATER, _of("control", "pass_time")),
)
