"""What there is to say of a provider to which a workspace is connected: a row of the registry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from coachbot.providers.findings import Finding
from workspaces.models import Channel, CredentialKind, Workspace


class Account(Protocol):
    """What is stored of an account: a dataclass of the provider's."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class TakenElsewhere(Exception):
    """What was entered in a field of an account is another workspace's. field: which one."""

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.field = field


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
    without: str  # what is so once it is disconnected


def nothing_more(workspace: Workspace) -> list[Finding]:
    """Nothing goes with an account of most providers."""
    return []


@dataclass(frozen=True)
class Connection:
    """A provider: what is stored of an account there, how it is entered, verified and explained.

    account_type: a dataclass whose fields are those of the form; it is what is stored.
    form: a subclass of AccountForm. secret: the field that is never shown.
    verify: asks the provider through a door what it says of an account, and raises nothing.
    events_url: where the provider is to send what happens, which verify is told as `events_url`;
    None where it sends nothing. tool_urls: likewise, where what it runs finds our tools, by name.
    bring_about: does at the provider what goes with the account that is stored now, or with none,
    and says how that stands; standing: only says it. own_secrets: made by us, and gone with it.
    channel: that of the workspaces which it is for, None for all.
    Its code has three rows in log.actions, `<code>.connect`, `.verify` and `.disconnect`.
    """

    kind: CredentialKind
    account_type: type[Account]
    form: type[Any]
    verify: Callable[..., list[Finding]]
    words: Words
    secret: str = "api_key"
    events_url: Callable[[Workspace], str] | None = None
    tool_urls: Callable[[Workspace], Mapping[str, str]] | None = None
    bring_about: Callable[[Workspace], list[Finding]] = nothing_more
    standing: Callable[[Workspace], list[Finding]] = nothing_more
    own_secrets: tuple[CredentialKind, ...] = ()
    channel: Channel | None = None

    @property
    def code(self) -> str:
        """The provider's name in URLs and on the command line."""
        return self.kind.value

    @property
    def label(self) -> str:
        """The provider's name for people."""
        return self.kind.label

    def serves(self, workspace: Workspace) -> bool:
        """Return whether a workspace of this channel has a use for it."""
        return self.channel in (None, workspace.channel)

    def open_facts(self, account: Account) -> dict[str, object]:
        """Return the fields of an account but for the secret."""
        return {name: value for name, value in vars(account).items() if name != self.secret}
