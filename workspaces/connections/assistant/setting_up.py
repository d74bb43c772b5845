"""Setting an assistant up: our tools are saved, and it gets them, our server URL and the secret.

What is right already is left alone, so a second set-up changes nothing.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.vapi.assistant import having, wiring
from coachbot.providers.vapi.assistant.wiring import Foreign, Wanted
from coachbot.providers.vapi.client import Account
from coachbot.providers.vapi.errors import sentence
from workspaces.connections import accounts, credentials, vapi_setup
from workspaces.connections.assistant import kept
from workspaces.connections.assistant.asking import Asking, NotDone
from workspaces.connections.assistant.kept import Kept
from workspaces.connections.connection import Connection
from workspaces.log import exchanges, record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

NO_MODEL = "The assistant has no language model yet. Choose one in Vapi, then set it up."


class NotOurs(Exception):
    """Server URLs would be replaced that are somebody else's; `found` has them."""

    def __init__(self, found: list[Foreign]):
        super().__init__(f"{len(found)} server URLs are somebody else's.")
        self.found = found


@dataclass
class Done:
    """What a set-up did: names of tools, and the assistant's parts by Vapi's names."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.made or self.changed or self.parts)


def set_up(
    *, workspace: Workspace, connection: Connection, by: User | None, may_replace: bool = False
) -> Done:
    """Set the assistant of the stored account up, and return what that took.

    may_replace: whether somebody else's server URLs may give way. Raises NotOurs where they may
    not, and BeingSetUp, and then nothing is changed; NotDone, after which some may be: another
    set-up goes on from there; NotConnected and CannotUnseal.
    """
    account = credentials.vapi_account(workspace.pk)
    setup = vapi_setup.vapi_setup(workspace)
    wanted = Wanted(setup.events_url, setup.tools, setup.tool_secret)
    asking = Asking(exchanges.door(workspace.pk), account)
    done = Done()
    try:
        with kept.hold(workspace, account.assistant_id) as rows:
            _carry_out(asking, wanted, done, may_replace, _Keeping(workspace, rows, by))
    except (ProviderError, NotDone) as error:
        words = sentence(error) if isinstance(error, ProviderError) else str(error)
        if not done.is_nothing:
            words = f"{words} What was done so far stays: set it up again to go on from there."
        _log(workspace, by, account, done, error=words, error_code=getattr(error, "code", ""))
        raise NotDone(words) from error
    _log(workspace, by, account, done)
    accounts.verify(workspace=workspace, connection=connection, by=by)
    return done


def _carry_out(
    asking: Asking, wanted: Wanted, done: Done, may_replace: bool, keeping: "_Keeping"
) -> None:
    saved, assistant = asking.tools(), asking.assistant()
    if not may_replace and (found := wiring.foreign(assistant, saved, wanted)):
        raise NotOurs(found)
    tool_ids = _save_tools(asking, wanted, done, assistant, saved)
    if done.made or done.changed:
        assistant = asking.assistant()  # that took a while
    try:
        parts = wiring.parts_for(assistant, saved, wanted, tool_ids)
    except wiring.NoModel as error:
        raise NotDone(NO_MODEL) from error
    if parts:
        keeping.change(asking, assistant, saved, parts, secret=wanted.secret)
        done.parts += sorted(parts)


def _save_tools(
    asking: Asking,
    wanted: Wanted,
    done: Done,
    assistant: having.Body,
    saved: list[having.Body],
) -> dict[str, str]:
    """Have each of our tools saved as it should be. Return their ids, by name."""
    there = wiring.own_tools(assistant, saved, wanted)
    return {
        name: _save_tool(asking, wanted, done, name, there.get(name))
        for name in wiring.needed_tools(assistant, wanted)
    }


def _save_tool(
    asking: Asking, wanted: Wanted, done: Done, name: str, tool: having.Body | None
) -> str:
    if tool is None:
        made = asking.create(wiring.tool_for(name, wanted), wanted.secret)
        done.made.append(name)
        return str(made["id"])
    if changes := wiring.changes_of_tool(tool, wanted):
        asking.change(tool, changes, wanted.secret)
        done.changed.append(name)
    return str(tool["id"])


@dataclass(frozen=True)
class _Keeping:
    """Changes the assistant that is held, and keeps what stood there."""

    workspace: Workspace
    rows: kept.Rows
    by: User | None

    def change(
        self,
        asking: Asking,
        assistant: having.Body,
        saved: list[having.Body],
        parts: Mapping[str, Any],
        *,
        secret: str,
    ) -> None:
        """Give the assistant other parts. It is kept first: whatever happens, there is a way back.

        Where nobody else has changed it since the set-up before, that way leads to before that.
        """
        known = kept.read(self.workspace, asking.account.assistant_id)
        now = wiring.standing(assistant)
        if known and known.after == now:
            new = Kept(known.before, wiring.standing({**assistant, **parts}), known.tools)
        else:
            names = having.tool_names(assistant, saved)
            new = Kept(now, wiring.standing({**assistant, **parts}), names)
        kept.write(self.rows, new, self.by)
        try:
            asking.change_assistant(parts, secret)
        except ProviderError as error:
            if not isinstance(error, Unclear):
                kept.write(self.rows, known)
            raise
        with suppress(ProviderError, NotDone):
            # As Vapi has it, which may add to what it was given.
            kept.write(self.rows, replace(new, after=wiring.standing(asking.assistant())), self.by)


def _log(
    workspace: Workspace,
    by: User | None,
    account: Account,
    done: Done,
    *,
    error: str = "",
    error_code: str = "",
) -> None:
    record.action(
        workspace_id=workspace.pk,
        actor=by,
        action=Action.SET_UP_VAPI,
        assistant=account.assistant_id,
        tools_made=done.made,
        tools_changed=done.changed,
        parts=done.parts,
        error=error,
        error_code=error_code,
    )
