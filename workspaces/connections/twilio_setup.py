"""What has to be entered in Twilio so that what leads write reaches a workspace."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from coachbot.configuration.development import is_private
from workspaces.models import Workspace

# For Twilio, which by default asks again only where no connection came about: 5 more attempts
# after any failure, all within its 15 seconds.
RETRIES = "#rc=5&rp=all"


def inbound_url(workspace: Workspace) -> str:
    """Return where Twilio is to send what leads write, as it is entered there."""
    return f"{_url('twilio_inbound', workspace)}{RETRIES}"


def status_url(workspace: Workspace) -> str:
    """Return where Twilio reports what became of a message; it is told with each of them.

    "" where Twilio could not reach it: it refuses a message with such an address.
    """
    return _url("twilio_status", workspace) if is_in_reach() else ""


def is_in_reach() -> bool:
    """Return whether Twilio can post to this Coachbot: the hosted one only to public hosts."""
    if is_private(urlsplit(settings.TWILIO_BASE_URL).hostname or ""):
        return True
    return not is_private(urlsplit(settings.PUBLIC_BASE_URL).hostname or "")


def _url(name: str, workspace: Workspace) -> str:
    return settings.PUBLIC_BASE_URL + reverse(name, args=[workspace.slug])
