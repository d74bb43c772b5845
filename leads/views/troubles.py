"""Where a member mends what keeps the agent from its work."""

from dataclasses import dataclass

from django.urls import reverse

from leads.reading.troubles.trouble import Trouble, TroubleCode
from workspaces.models import Membership, Role


@dataclass(frozen=True)
class Link:
    """A link to what mends a trouble."""

    url: str
    text: str


# For each code: the page, what its address ends in, the words of the link, and whom it is for.
PLACES = {
    TroubleCode.PAUSED: ("settings", "", "Resume it", Role.ADMIN),
    TroubleCode.VAPI_NOT_CONNECTED: ("settings", "/vapi", "Connect Vapi", Role.ADMIN),
    TroubleCode.VAPI_ACCOUNT_WRONG: ("settings", "/vapi", "Change the Vapi account", Role.ADMIN),
    TroubleCode.CALLS_HELD: ("settings", "/vapi", "See the Vapi account", Role.ADMIN),
    TroubleCode.TWILIO_NOT_CONNECTED: ("settings", "/twilio", "Connect Twilio", Role.ADMIN),
    TroubleCode.MODEL_NOT_CONNECTED: ("settings", "/openai", "Connect a model", Role.ADMIN),
    TroubleCode.MESSAGES_HELD: ("settings", "/twilio", "See the Twilio account", Role.ADMIN),
    TroubleCode.MESSAGES_REFUSED: ("settings", "/twilio", "See the Twilio account", Role.ADMIN),
    TroubleCode.MESSAGES_FAILED: ("waiting", "?whose=all", "See who waits", Role.AGENT),
    TroubleCode.AGENT_FAILED: ("waiting", "?whose=all", "See who waits", Role.AGENT),
    TroubleCode.TOKENS_USED_UP: ("settings", "/limits", "Raise the limit", Role.ADMIN),
    TroubleCode.NO_LINES: ("settings", "/limits", "Change the lines", Role.ADMIN),
    TroubleCode.INTAKE_BROKEN: ("connect_form", "", "Choose the fields anew", Role.ADMIN),
    TroubleCode.CALLS_REFUSED: ("logs", "?outcome=failed", "Read what happened", Role.AGENT),
    TroubleCode.CALLS_FAILED: ("leads", "", "See the leads", Role.AGENT),
    TroubleCode.EVENTS_MISSING: ("settings", "/vapi#set-up", "Set the assistant up", Role.ADMIN),
    TroubleCode.CALLERS_LOST: ("logs", "?outcome=failed", "Read what happened", Role.AGENT),
    TroubleCode.TRANSFERS_FAILED: ("waiting", "", "See who waits", Role.AGENT),
    TroubleCode.CALCOM_NOT_CONNECTED: ("settings", "/calcom", "Connect Cal.com", Role.ADMIN),
    TroubleCode.CALCOM_ACCOUNT_WRONG: ("settings", "/calcom", "Connect it again", Role.ADMIN),
    TroubleCode.CALCOM_AWAY: ("logs", "?outcome=unclear", "Read what happened", Role.AGENT),
    TroubleCode.CALCOM_EVENTS_MISSING: ("settings", "/calcom", "Verify it", Role.ADMIN),
    TroubleCode.DAILY_LIMIT: ("settings", "/limits", "Raise the limit", Role.ADMIN),
    TroubleCode.COUNTRY: ("settings", "/limits", "Change the countries", Role.ADMIN),
    TroubleCode.PEOPLE_REFUSED: ("refused", "", "Take them in and call", Role.AGENT),
}


def with_links(
    troubles: list[Trouble], membership: Membership
) -> list[tuple[Trouble, Link | None]]:
    """Return each trouble with its link; None where the member's role does not open it."""
    return [(trouble, _link(trouble.code, membership)) for trouble in troubles]


def _link(code: TroubleCode, membership: Membership) -> Link | None:
    name, end, text, role = PLACES[code]
    if not membership.has_role(role):
        return None
    return Link(reverse(name, args=[membership.workspace.slug]) + end, text)
