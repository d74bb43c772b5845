"""What there is to say of a provider to which a workspace is connected: a row of the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from coachbot.providers.findings import Finding
from workspaces.models import CredentialKind, Workspace


class Account(Protocol):
    """What is stored of an account: a dataclass of the provider's."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True)
class Words:
    """What the settings page says of a connection, in plain text."""

    title: str
    purpose: str
    dashboard_url: str  # where what is to be entered is found
    save: str
    saved: str
    verify: str
    verify_note: str


@dataclass(frozen=True)
class Connection:
    """A provider: what is stored of an account there, how it is entered, verified and explained.

    account_type: a dataclass whose fields are those of the form; it is what is stored.
    form: a subclass of AccountForm. secret: the field that is never shown.
    verify: asks the provider through a door what it says of an account, and raises nothing.
    events_url: where the provider is to send what happens, which verify is told as `events_url`;
    None where it sends nothing.
    Its code has two rows in log.actions, `<code>.connect` and `<code>.verify`.
    """

    kind: CredentialKind
    account_type: type[Account]
    form: type[Any]
    verify: Callable[..., list[Finding]]
    words: Words
    secret: str = "api_key"
    events_url: Callable[[Workspace], str] | None = None

    @property
    def code(self) -> str:
        """The provider's name in URLs and on the command line."""
        return self.kind.value

    @property
    def label(self) -> str:
        """The provider's name for people."""
        return self.kind.label

    def open_facts(self, account: Account) -> dict[str, object]:
        """Return the fields of an account but for the secret."""
        return {name: value for name, value in vars(account).items() if name != self.secret}
