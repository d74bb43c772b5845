"""The steps to a workspace that works by itself: which are done, by what is known to be so.

None is believed: a step is done where a provider said yes, or where something came in or was
carried out since the account is as it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from leads.contact import gate
from leads.models import Call, Lead, LeadStatus
from leads.reading.heard import last_report_at
from workspaces.connections.checks import Check, latest_check
from workspaces.models import CredentialKind, Workspace

# By then a call was picked up, or has ended: either is told, and ringing may not be.
SILENCE = timedelta(minutes=2)

NOT_ASKED = "The account is stored. {provider} was not asked yet whether it is right: verify it."
NOTHING_HEARD = (
    "A call was placed, and Vapi has told nothing of it. Set the assistant up again, or look "
    "whether the server URL and the secret are in Vapi as shown."
)


@dataclass(frozen=True)
class Step:
    """One step. found: what was checked, and at: when; trouble: what keeps it from being done.

    is_declined: whether the workspace does without it.
    """

    title: str
    found: str = ""
    at: datetime | None = None
    trouble: str = ""
    is_stored: bool = False
    is_declined: bool = False

    @property
    def is_done(self) -> bool:
        return bool(self.found) or self.is_declined


@dataclass(frozen=True)
class Steps:
    """All of them, in the order in which they are done."""

    vapi: Step
    events: Step
    call: Step
    calendar: Step
    intake: Step

    @property
    def all(self) -> list[Step]:
        return [self.vapi, self.events, self.call, self.calendar, self.intake]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.all if not step.is_done]


@dataclass(frozen=True)
class MemberCall:
    """A call to a member's own number; call is None where a rule of the workspace held it back."""

    lead: Lead
    call: Call | None

    @property
    def is_going_on(self) -> bool:
        return self.call is not None and not self.call.is_over

    @property
    def held(self) -> str:
        """Return which rule keeps it back, as a sentence; "" where it was made."""
        if self.call or not self.lead.held_because:
            return ""
        return gate.sentence(self.lead, self.lead.held_because)


def steps(workspace: Workspace) -> Steps:
    """Return how far a workspace is. Each query is served by an index, however much is there."""
    vapi = latest_check(workspace, CredentialKind.VAPI)
    placed = workspace.calls.outbound().filter(vapi_call_id__isnull=False).select_related("lead")
    call = placed.order_by("-created_at").first()
    return Steps(
        vapi=_vapi(vapi, call),
        events=_events(workspace, vapi, call),
        call=_call(call),
        calendar=calendar(workspace),
        intake=intake(workspace),
    )


def latest_member_call(workspace: Workspace) -> MemberCall | None:
    """Return the latest call to a member's own number, None where nobody has tried."""
    tests = list(workspace.leads.accepted().filter(is_test=True).newest_first())
    if not tests:
        return None
    newest, calls = tests[0], Call.objects.outbound().filter(lead__in=tests)
    call = calls.select_related("lead__workspace").order_by("-created_at").first()
    if call and (call.lead_id == newest.pk or call.created_at >= newest.created_at):
        return MemberCall(call.lead, call)
    return MemberCall(newest, None)


def _vapi(check: Check, call: Call | None) -> Step:
    title = "Connect Vapi"
    if check.is_passed:
        found = "Vapi knows the key, the assistant and the phone number."
        return Step(title, found, check.asked_at, is_stored=True)
    if call and not check.trouble and _is_since(call.dialed_at, check):
        return Step(title, "Vapi took a call with this account.", call.dialed_at, is_stored=True)
    return checked_step(title, "Vapi", check)


def _events(workspace: Workspace, check: Check, call: Call | None) -> Step:
    title = "Let Vapi report to Coachbot"
    heard_at = last_report_at(workspace)
    if _is_since(heard_at, check):
        return Step(title, "An event with the right secret came from Vapi.", heard_at)
    is_silent = call is not None and _is_since(call.dialed_at, check)
    if is_silent and call and call.dialed_at and call.dialed_at < timezone.now() - SILENCE:
        return Step(title, trouble=NOTHING_HEARD)
    return Step(title)


def _call(call: Call | None) -> Step:
    title = "Call yourself"
    return Step(title, "A call was placed.", call.dialed_at) if call else Step(title)


def calendar(workspace: Workspace) -> Step:
    """Return the step of the calendar, in which the agent books."""
    title = "Connect a calendar"
    check = latest_check(workspace, CredentialKind.CALCOM)
    if check.is_passed:
        found = "Cal.com knows the key and the event type."
        return Step(title, found, check.asked_at, is_stored=True)
    if check.stored_at is None:
        return Step(title, is_declined=workspace.books_by_hand)
    booked = workspace.leads.accepted().filter(status=LeadStatus.BOOKED).newest_first().first()
    if booked and not check.trouble and _is_since(booked.updated_at, check):
        return Step(title, "An appointment was booked with it.", booked.updated_at, is_stored=True)
    return checked_step(title, "Cal.com", check)


def intake(workspace: Workspace) -> Step:
    """Return the step by which leads come in."""
    title = "Let leads in"
    keys = workspace.api_keys.filter(revoked_at=None)
    key = keys.order_by(F("last_used_at").desc(nulls_last=True), "-created_at").first()
    if key and key.last_used_at:
        return Step(title, f"The key “{key.name}” was used.", key.last_used_at)
    if key:
        return Step(title, f"The key “{key.name}” was created.", key.created_at)
    lead = workspace.leads.accepted().without_tests().newest_first().first()
    return Step(title, f"{lead.plain_name} came in.", lead.created_at) if lead else Step(title)


def checked_step(title: str, provider: str, check: Check) -> Step:
    """Return the step of an account that is not known to be right."""
    is_stored = check.stored_at is not None
    not_asked = NOT_ASKED.format(provider=provider) if is_stored else ""
    return Step(title, trouble=check.trouble or not_asked, is_stored=is_stored)


def _is_since(moment: datetime | None, check: Check) -> bool:
    """Tell whether something happened with the account that is stored now."""
    return bool(moment and check.stored_at and moment >= check.stored_at)
