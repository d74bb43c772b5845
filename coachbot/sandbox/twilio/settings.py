"""What the owner of an account has set up at Twilio, and what a test asks of the stand-in."""

from dataclasses import dataclass
from enum import StrEnum


class Telling(StrEnum):
    """How status callbacks come."""

    IN_ORDER = "in_order"
    DOUBLED = "doubled"
    SHUFFLED = "shuffled"
    LATE = "late"
    NEVER = "never"


class Signing(StrEnum):
    """How webhooks are signed."""

    RIGHT = "right"
    WRONG = "wrong"
    PORT = "port"  # of the URL with its port
    NONE = "none"


@dataclass(frozen=True)
class Settings:
    """An account's settings.

    inbound_url: where messages of leads go, with connection overrides behind a #. plays: whether
    its leads answer by themselves; None as the sandbox was started. status, kind: of the account.
    sender_status, template_status: as they are shown, and the latter of every template. senders:
    the only ones that it has; empty for any. telling, outcome: for all that is sent in the place of
    what the numbers say; outcome is the two digits of a row. late_by: seconds. list_lag: after how
    many seconds the list holds a message. extra: unknown fields on each webhook.
    """

    inbound_url: str = ""
    service_inbound_url: str = ""
    plays: bool | None = None
    status: str = "active"
    kind: str = "Full"
    sender_status: str = "ONLINE"
    template_status: str = ""
    senders: tuple[str, ...] = ()
    telling: str = ""
    outcome: str = ""
    signing: str = Signing.RIGHT
    late_by: float = 180.0
    list_lag: float = 3.0
    extra: bool = False
