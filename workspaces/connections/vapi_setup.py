"""What has to be entered in Vapi so that it reports to a workspace and can act for it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from coachbot.providers.vapi.tool_calls import TOOL_NAMES
from workspaces.connections import own_secrets
from workspaces.models import Workspace


@dataclass(frozen=True)
class VapiSetup:
    """The server URL of events, the URL of each tool, and the secret that goes with them."""

    events_url: str
    tool_secret: str
    tools: dict[str, str]


def events_url(workspace: Workspace) -> str:
    """Return where Vapi is to send its messages."""
    return _url("vapi_events", workspace.slug)


def vapi_setup(workspace: Workspace) -> VapiSetup:
    """Return a workspace's set-up; its secret is made if there is none.

    Raises credentials.CannotUnseal.
    """
    secret = own_secrets.tool_secret(workspace)
    return VapiSetup(events_url(workspace), secret, tool_urls(workspace))


def tool_urls(workspace: Workspace) -> dict[str, str]:
    """Return where an assistant finds each tool, by name."""
    return {name: _url("vapi_tool", workspace.slug, name) for name in TOOL_NAMES}


def _url(name: str, *parts: str) -> str:
    return settings.PUBLIC_BASE_URL + reverse(name, args=parts)
