"""Asking Twilio with a workspace's account. What is asked is for the modules beside it.

docs/providers/twilio.md (section 1) has the facts this relies on.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from coachbot.providers.exchange import Answer, Request
from coachbot.providers.transport import Door
from coachbot.providers.twilio.errors import CAUSES

# Twilio's shared test number, which every account may use, and which is in nobody's list.
SANDBOX_SENDER = "whatsapp:+14155238886"

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """A business's own Twilio account. from_: whom messages come from, `whatsapp:+` and digits or
    the `MG...` of a Messaging Service. The templates' SIDs are `HX...`; "" where there is none.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    from_: str
    opener_content_sid: str = ""
    follow_up_content_sid: str = ""

    @property
    def is_service(self) -> bool:
        """Whether messages go by a Messaging Service, which chooses the sender."""
        return self.from_.startswith("MG")

    @property
    def is_sandbox(self) -> bool:
        return self.from_ == SANDBOX_SENDER

    @property
    def path(self) -> str:
        """Return the path of the account's own resources, below TWILIO_BASE_URL."""
        return f"/2010-04-01/Accounts/{self.account_sid}"


def ask(
    door: Door,
    account: Account,
    operation: str,
    url: str,
    *,
    timeout: float,
    read: Callable[[Answer], T],
    method: str = "GET",
    worth: Callable[[T], Any] = lambda value: None,
    **options: Any,
) -> T:
    """Return what `read` makes of Twilio's answer. operation: its code, such as `send_text`.

    options: of a transport.Request. Raises ProviderError.
    """
    name = operation.replace("_", " ")
    pair = f"{account.account_sid}:{account.auth_token}".encode()
    request = Request(
        operation=f"twilio.{operation}",
        name=f"Twilio ({name})",
        action=f"Twilio {method} {name}",
        method=method,
        url=url,
        headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
        hidden=account.auth_token,
        classify=CAUSES.classify,
        **options,
    )
    return door.ask(request, timeout=timeout, read=read, worth=worth)
