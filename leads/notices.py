"""What people are told of leads and of the agent's account: beside what is written of it.

Each function writes one row at most, in the transaction of its caller; see workspaces.notices. A
member's own number, called to see that it works, tells nobody anything.
"""

import uuid
from datetime import datetime

from coachbot.db import clock
from leads.models import STANDING, Lead, LeadStatus, StatusReason
from leads.reasons import why_needed
from workspaces.models import NoticeKind, Workspace
from workspaces.notices import recording, words
from workspaces.notices.preferences import zone_of


def status_moved(lead_id: uuid.UUID, because: StatusReason, at: datetime) -> None:
    """Tell that a lead needs a person, once for each time; not where one took it over."""
    if because == StatusReason.TAKEN_OVER:
        return
    lead = Lead.objects.filter(pk=lead_id, status=LeadStatus.NEEDS_HUMAN).first()
    if lead:
        text = f"{words.person(lead.name)} needs a person. {why_needed(because)}"
        _tell(lead, NoticeKind.NEEDS_HUMAN, f"{at.isoformat()}", text)


def booking_changed(
    lead: Lead, uid: str, start: datetime, *, old_status: str, old_start: datetime | None
) -> None:
    """Tell of an appointment that stands: that it is booked, or that it is moved.

    old_status, old_start: what was known before; no start where there was none. One that was
    called off is told as a lead that needs a person.
    """
    who, when = words.person(lead.name), said(start, lead.workspace)
    state = f"{uid}:{start.isoformat()}"
    if old_start and old_start != start:
        text = f"The appointment of {who} is moved to {when}."
        _tell(lead, NoticeKind.BOOKING_MOVED, state, text)
    elif old_status not in STANDING:
        _tell(lead, NoticeKind.BOOKED, state, f"{who} has an appointment on {when}.")


def wrote_again(lead: Lead, place: str) -> None:
    """Tell that a lead was submitted, or wrote, again. place: which time that is."""
    text = f"{words.person(lead.name)} wrote again."
    _tell(lead, NoticeKind.WROTE_AGAIN, place, text)


def unreached(lead: Lead) -> None:
    """Tell, once for each lead, that the plan is over and nobody was reached."""
    text = f"{words.person(lead.name)} was not reached: the last attempt of the plan is over."
    _tell(lead, NoticeKind.UNREACHED, "plan", text)


def account_held(workspace_id: int, why: str) -> None:
    """Tell that the account at Vapi or Twilio does not work. why: and how to mend it, in
    sentences.
    """
    _trouble(workspace_id, "held", f"What is planned with leads is held. {why}")


def account_recovered(workspace_id: int) -> None:
    """Tell that it does again."""
    _trouble(
        workspace_id, "recovered", "The account works again: what is planned with leads goes on."
    )


def said(moment: datetime, workspace: Workspace) -> str:
    """Return a moment in the workspace's zone, such as `Tue 1 Dec 2026, 15:00 (Europe/London)`."""
    zone = zone_of(workspace)
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def _trouble(workspace_id: int, what: str, text: str) -> None:
    state = f"account:{what}:{clock.now().isoformat()}"
    recording.tell(workspace_id, NoticeKind.AGENT_TROUBLE, state=state, text=text)


def _tell(lead: Lead, kind: NoticeKind, state: str, text: str) -> None:
    if not lead.is_test:
        recording.tell(
            lead.workspace_id,
            kind,
            state=f"{lead.pk}:{state}",
            text=text,
            path=f"leads/{lead.pk}",
            lead_id=lead.pk,
        )
