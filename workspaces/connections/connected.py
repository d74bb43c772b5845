"""Whether a workspace has the accounts that its channel needs."""

from workspaces.connections import credentials
from workspaces.models import Channel, CredentialKind, Workspace

# Of an agent that writes: who sends, with the template of the first message, and who thinks.
NEEDED = {
    Channel.VOICE: (CredentialKind.VAPI,),
    Channel.WHATSAPP: (CredentialKind.TWILIO, CredentialKind.OPENAI),
}


def missing(workspace: Workspace, channel: Channel | None = None) -> list[CredentialKind]:
    """Return what has yet to be connected before the agent can talk to anybody.

    channel: of the workspace where it is left out.
    """
    needed = NEEDED[Channel(channel or workspace.channel)]
    stored = credentials.stored_kinds(workspace.pk)
    return [kind for kind in needed if kind not in stored]


def is_connected(workspace: Workspace, channel: Channel | None = None) -> bool:
    """Return whether the agent can talk to somebody on a channel, as far as is stored.

    Twilio is never stored without the opener's template. The gate asks this of written channels
    only: a call for which no account is there is refused in words of its own.
    """
    return not missing(workspace, channel)
