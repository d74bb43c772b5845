"""The channel of a workspace: its address, which is sealed, and what goes there.

An incoming webhook of Slack's shape. posting.py sends to it.
"""

from collections.abc import Collection

from coachbot.providers import ProviderError
from coachbot.providers.channels import client
from coachbot.providers.channels.errors import CAUSES
from coachbot.sealing import CannotUnseal, reseal, seal, unseal
from workspaces.log import exchanges, record
from workspaces.log.actions import Action
from workspaces.models import NoticeHook, User, Workspace
from workspaces.notices import kinds
from workspaces.webhooks import targets

BOUND_TO = "notice_hook"
TEST_SECONDS = 5.0
# As it is of a channel that was connected just now.
NOTHING_KNOWN = {
    "failing_since": None,
    "error_code": "",
    "tries": 0,
    "off_at": None,
    "quiet_until": None,
    "in_row": 0,
    "lease_until": None,
}


def of(workspace: Workspace) -> NoticeHook | None:
    """Return the channel of a workspace, None where it has none."""
    return NoticeHook.objects.filter(workspace=workspace).first()


def connect(workspace: Workspace, url: str, by: User) -> None:
    """Store the address of a channel in the place of the one before. Raises targets.BadTarget.

    Where it leads to is looked up now, and again whenever something is sent there.
    """
    url = targets.read_url(url)
    targets.check(url)
    sealed = seal({"url": url}, workspace.pk, BOUND_TO)
    host = targets.host_of(url)
    stored = {"sealed": sealed, "host": host, **NOTHING_KNOWN}
    new = {**stored, "kinds": kinds.written(kinds.IN_CHANNEL)}
    NoticeHook.objects.update_or_create(workspace=workspace, defaults=stored, create_defaults=new)
    _log(workspace, by, Action.CONNECT_CHANNEL, host=host)


def choose(workspace: Workspace, wanted: Collection[str]) -> None:
    """Write down which kinds go to the channel."""
    NoticeHook.objects.filter(workspace=workspace).update(kinds=kinds.written(wanted))


def disconnect(workspace: Workspace, by: User) -> None:
    """Forget the address of the channel, and what waits to be sent there."""
    hook = of(workspace)
    if hook:
        hook.delete()
        _log(workspace, by, Action.DISCONNECT_CHANNEL, host=hook.host)


def test(hook: NoticeHook, by: User) -> str:
    """Send a message to the channel now. Return "", or why it was not taken, in a sentence.

    Takes up to TEST_SECONDS.
    """
    text = f"This is a test of Coachbot for {hook.workspace.name}. Notices go to this channel."
    code = ""
    try:
        door = exchanges.door(hook.workspace_id)
        client.post_text(door, address_of(hook), text, count=0, timeout=TEST_SECONDS)
    except ProviderError as error:
        code = error.code
    except CannotUnseal:
        code = "channel.unreadable"
    _log(hook.workspace, by, Action.TEST_CHANNEL, host=hook.host, error_code=code)
    return explain(code) if code else ""


def address_of(hook: NoticeHook) -> str:
    """Return where to post. Raises CannotUnseal."""
    return str(unseal(hook.sealed, hook.workspace_id, BOUND_TO)["url"])


def explain(code: str) -> str:
    """Return what a code means and what to do about it, in sentences."""
    cause = CAUSES.explain(code)
    return f"{cause.meaning} {cause.fix}"


def reseal_all() -> int:
    """Seal the addresses under the first key. Return how many were not.

    One that no key opens is left: its page says so.
    """
    resealed, _ = reseal(NoticeHook.objects.all(), lambda hook: (hook.workspace_id, BOUND_TO))
    return resealed


def _log(workspace: Workspace, by: User, action: Action, error_code: str = "", **details) -> None:
    record.action(
        workspace_id=workspace.pk,
        actor=by,
        action=action,
        error=explain(error_code) if error_code else "",
        error_code=error_code,
        **details,
    )
