"""What keeps messages from being sent, from arriving, and from being answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from coachbot.db import clock
from leads.agent.text import tokens
from leads.contact import breaker, daily_count
from leads.messages import alerts
from leads.models import HeldBecause, LeadStatus, StatusReason
from leads.reading.troubles.trouble import WINDOW, Trouble, TroubleCode, counted, tally
from workspaces.connections import connected, credentials
from workspaces.log import queries
from workspaces.log.actions import Action
from workspaces.models import CredentialKind, LogKind, Workspace

A_DAY = timedelta(days=1)
NOT_STORED = {
    CredentialKind.TWILIO: (
        TroubleCode.TWILIO_NOT_CONNECTED,
        "Twilio is not connected",
        "nobody can be written to.",
    ),
    CredentialKind.OPENAI: (
        TroubleCode.MODEL_NOT_CONNECTED,
        "No language model is connected",
        "the agent cannot answer, so nobody is written to.",
    ),
}
# Leads that wait for a person because of the agent: what is said of them.
LEFT = {
    StatusReason.MESSAGE_NOT_DELIVERED: (
        TroubleCode.MESSAGES_FAILED,
        "got no message",
        "what was written to them did not arrive. Their pages say why.",
    ),
    StatusReason.AGENT_FAILED: (
        TroubleCode.AGENT_FAILED,
        "got no answer",
        "the agent could not answer them. Their pages say why.",
    ),
}


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield what is wrong with the messages of a workspace that writes to its leads."""
    missing = connected.missing(workspace)
    if missing:
        yield from _not_connected(workspace, missing)
        return
    yield from _held(workspace)
    yield from _told(workspace)
    yield from _used_up(workspace)
    yield from _left(workspace)


def _not_connected(workspace: Workspace, missing: list[CredentialKind]) -> Iterator[Trouble]:
    """In a workspace in which nothing has happened yet this is a first step, and no trouble."""
    if workspace.leads.accepted().are_there():
        for kind in missing:
            yield Trouble(*NOT_STORED[kind])


def _held(workspace: Workspace) -> Iterator[Trouble]:
    """What the breaker holds."""
    if breaker.is_open(workspace):
        waiting = workspace.steps.waiting().filter(held_because=HeldBecause.ACCOUNT_FAULT)
        number, _ = tally(waiting)
        wait = f" {counted(number, 'lead waits', 'leads wait')}." if number else ""
        why = f"{breaker.explain(workspace.account_fault)}{wait}"
        what = "First messages and follow-ups are held"
        yield Trouble(TroubleCode.MESSAGES_HELD, what, why, workspace.account_held_since)


def _told(workspace: Workspace) -> Iterator[Trouble]:
    """The latest alert of a day about what only a person can mend, unless the account was entered
    or verified since.
    """
    mended = (
        credentials.changed_at(workspace.pk, CredentialKind.TWILIO),
        queries.last_done(workspace, Action.VERIFY_TWILIO),
    )
    since = max(timezone.now() - A_DAY, *filter(None, mended))
    told = workspace.log.filter(kind=LogKind.ALERT, code=alerts.CODE, created_at__gt=since)
    if latest := told.order_by("-created_at", "-id").first():
        what = "Messages fail"
        yield Trouble(TroubleCode.MESSAGES_REFUSED, what, latest.error, latest.created_at)


def _used_up(workspace: Workspace) -> Iterator[Trouble]:
    limit = workspace.daily_token_limit
    if tokens.used_today(workspace.pk) < limit:
        return
    begin = datetime.combine(daily_count.day_of(clock.now()), time(), UTC)
    yield Trouble(
        TroubleCode.TOKENS_USED_UP,
        f"The agent has used the {limit:,} tokens of the day",
        "it answers nobody before midnight UTC.",
        begin,
    )


def _left(workspace: Workspace) -> Iterator[Trouble]:
    """Leads that the agent left to people, until somebody has looked after them."""
    for reason, (code, what, why) in LEFT.items():
        # As the index of those that wait has it.
        waiting = workspace.leads.filter(
            status=LeadStatus.NEEDS_HUMAN, status_reason=reason, closed_as="", next_step_on=None
        )
        number, since = tally(waiting.filter(status_at__gte=timezone.now() - WINDOW))
        if number:
            yield Trouble(code, f"{counted(number, 'lead', 'leads')} {what}", why, since)
