"""Going back: an assistant gets what stood on it before it was set up."""

from coachbot.providers import ProviderError
from coachbot.providers.vapi.assistant import wiring
from coachbot.providers.vapi.errors import sentence
from workspaces.connections import accounts, credentials
from workspaces.connections.assistant import kept
from workspaces.connections.assistant.asking import Asking, NotDone
from workspaces.connections.assistant.kept import Body, Kept
from workspaces.connections.connection import Connection
from workspaces.log import exchanges, record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

WORDS = {
    "server": "the server URL",
    "serverMessages": "what it reports",
    "tools": "the tools",
    "toolIds": "the tools",
    "toolRefs": "the tools",
}


class NothingKept(LookupError):
    """Nothing is kept of the assistant to go back to."""

    def __init__(self) -> None:
        super().__init__("Nothing is kept of this assistant to go back to.")


class ChangedSince(Exception):
    """Somebody else has changed the assistant since; `parts` says what, in words."""

    def __init__(self, parts: list[str]):
        super().__init__(f"Changed since: {', '.join(parts)}.")
        self.parts = parts


def go_back(
    *, workspace: Workspace, connection: Connection, by: User | None, may_undo: bool = False
) -> list[str]:
    """Give the assistant of the stored account what stood on it before it was set up.

    Return what Vapi did not take back, in words. may_undo: whether it may be overwritten what
    somebody else changed since; else it raises ChangedSince. Raises NothingKept, BeingSetUp,
    NotDone, NotConnected and CannotUnseal.
    """
    account = credentials.vapi_account(workspace.pk)
    asking = Asking(exchanges.door(workspace.pk), account)
    if kept.read(workspace, account.assistant_id) is None:
        raise NothingKept
    try:
        with kept.hold(workspace, account.assistant_id) as rows:
            found = kept.read(workspace, account.assistant_id)
            if found is None:  # somebody else went back meanwhile
                raise NothingKept
            left = _restore(asking, found, may_undo)
            kept.write(rows, None)
    except (ProviderError, NotDone) as error:
        words = sentence(error) if isinstance(error, ProviderError) else str(error)
        _log(workspace, by, account.assistant_id, error=words)
        raise NotDone(words) from error
    _log(workspace, by, account.assistant_id, not_taken_back=left)
    accounts.verify(workspace=workspace, connection=connection, by=by)
    return left


def _restore(asking: Asking, found: Kept, may_undo: bool) -> list[str]:
    assistant = asking.assistant()
    changed = _differing(wiring.standing(assistant), found.after)
    if changed and not may_undo:
        raise ChangedSince(changed)
    if parts := wiring.parts_back(assistant, found.before):
        asking.change_assistant(parts)
        assistant = asking.assistant()
    return _differing(wiring.standing(assistant), found.before)


def _differing(one: Body, other: Body) -> list[str]:
    """Return in words in which parts two states of an assistant differ."""
    parts = (part for part in WORDS if (one.get(part) or None) != (other.get(part) or None))
    return list(dict.fromkeys(WORDS[part] for part in parts))


def _log(workspace: Workspace, by: User | None, assistant_id: str, **details: object) -> None:
    record.action(
        workspace_id=workspace.pk,
        actor=by,
        action=Action.GO_BACK_VAPI,
        assistant=assistant_id,
        **details,  # type: ignore[arg-type]
    )
