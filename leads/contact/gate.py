"""May this person be contacted now, and if not, why and until when? The one guard before every
call and message.

What it forbids is said as a code; `rules` has them, `sentences` says them to people. Its last word
is a condition of the write that marks a call as about to be sent: that finds its row only while the
rules are still those by which the call was let pass.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Subquery

from coachbot.db import clock
from coachbot.db.prepared import PreparedUpdate, Statement, write_together
from leads.contact import breaker, daily_count, lines, rules
from leads.contact.rules import Held, Purpose
from leads.contact.sentences import sentence
from leads.models import DailyCount, HeldBecause, Lead, MessagePurpose
from workspaces.models import Workspace

__all__ = ["Held", "NoLongerAllowed", "Purpose", "ask", "ask_to_write", "sentence"]


# Another one where the do-not-call list has changed.
JUDGED = (*rules.SETTINGS, "opt_outs_version")
# What ask() goes by besides.
ALSO_ASKED = ("daily_call_limit", "time_zone", *lines.SETTINGS, *breaker.STATE)


def _taken(workspace: Any, *judged: Any) -> tuple[QuerySet[DailyCount], dict[str, Any]]:
    # Locked: a setting that is saved at the same moment is saved before, and seen, or after.
    workspaces = Workspace.objects.select_for_update(no_key=True)
    unchanged = workspaces.filter(pk=workspace, **dict(zip(JUDGED, judged, strict=True)))
    limit = Subquery(unchanged.values("daily_call_limit"))
    return daily_count.of_today(workspace).filter(calls__lt=limit), {"calls": F("calls") + 1}


_take_place = PreparedUpdate(
    _taken,
    DailyCount._meta.get_field("workspace"),
    *map(Workspace._meta.get_field, JUDGED),  # type: ignore[arg-type]  # columns, no relations
)


class NoLongerAllowed(Exception):
    """A rule has changed since the gate was asked, or the day is full, or the lines. Ask again."""


@clock.one_moment()
def rule_against(lead: Lead, purpose: Purpose = Purpose.FIRST) -> Held | None:
    """Return which rule keeps a lead from being contacted, None where none does.

    A lead that a member closed is not contacted by anybody. The others are rules of its workspace,
    by the settings as `lead.workspace` holds them, and without the calls of the day and the
    lines: place_of_day() and check_lines() find out whether that was true. ask() asks the database.
    """
    return rules.against(lead, purpose)


@clock.one_moment()
def ask(lead: Lead, purpose: Purpose = Purpose.BY_HAND) -> Held | None:
    """Return why a lead must not be contacted now, None where it may be.

    By the settings as they are now; `lead.workspace` holds them then. Raises
    Workspace.DoesNotExist where that was deleted meanwhile.
    """
    lead.workspace.refresh_from_db(fields=[*JUDGED, *ALSO_ASKED])
    if found := rules.against(lead, purpose):
        return found
    if daily_count.calls_today(lead.workspace_id) >= lead.workspace.daily_call_limit:
        return Held(HeldBecause.DAILY_LIMIT, daily_count.next_day())
    if lead.workspace.is_voice and lines.are_full(lead.workspace):
        return Held(HeldBecause.LINES_FULL, clock.now())
    return None


def ask_for_step(lead: Lead, purpose: Purpose, *, is_next: bool) -> Held | None:
    """Return the same for what is planned, which waits for the account too.

    is_next: whether it was chosen of those that wait, for a line or to try the account.
    """
    if held := ask(lead, purpose):
        return held
    if is_next:
        return None
    if breaker.is_open(lead.workspace):
        return Held(HeldBecause.ACCOUNT_FAULT, clock.now())
    if lead.workspace.is_voice and lines.are_seen_full(lead.workspace):
        return Held(HeldBecause.LINES_FULL, clock.now())
    return None


@clock.one_moment()
def ask_to_write(
    lead: Lead, purpose: MessagePurpose, *, turn_began: datetime | None = None
) -> Held | None:
    """Return why a message must not be sent to a lead now, None where it may be.

    By the settings as they are now, and by the lead as it is held. Nothing is counted: first
    messages and those of the plan take their place of the day when they are written down.
    turn_began: of the turn that answers. Raises Workspace.DoesNotExist.
    """
    return _ask_to_write(lead, purpose, turn_began, Workspace.objects.all())


@clock.one_moment()
def let_write(
    lead: Lead, purpose: MessagePurpose, *, turn_began: datetime | None = None
) -> Held | None:
    """Return the same as the gate's last word: in the transaction that marks a message as about to
    be sent, once the lead is locked. Who changes the settings, or the do-not-call list, waits.
    """
    return _ask_to_write(
        lead, purpose, turn_began, Workspace.objects.select_for_update(no_key=True)
    )


def _ask_to_write(
    lead: Lead,
    purpose: MessagePurpose,
    turn_began: datetime | None,
    workspaces: QuerySet[Workspace],
) -> Held | None:
    read = [*JUDGED, *ALSO_ASKED]
    lead.workspace.refresh_from_db(fields=read, from_queryset=workspaces)
    return rules.against_message(lead, purpose, turn_began=turn_began)


def begin_day(workspace_id: int) -> None:
    """Make what place_of_day() counts in, where there is nothing of that day yet."""
    daily_count.begin(workspace_id)


def place_of_day(workspace: Workspace) -> Statement:
    """Return the write that counts a call which is about to be placed, and lets it pass.

    workspace: with the settings by which the gate let the call pass. The write finds no row where
    they have changed, and where the day has not begun or is full: then begin_day(), write once
    more, and else raise NoLongerAllowed and roll back. Last in its transaction but for
    check_lines(): others of the workspace, and whoever changes its settings, wait until that is
    over.
    """
    return _take_place.statement(workspace.pk, *(getattr(workspace, name) for name in JUDGED))


@transaction.atomic(savepoint=False)
def write_counted(workspace: Workspace, *inserts: Statement) -> None:
    """Carry writes out together with the one that counts a call or a message in the day.

    inserts: what is about to be sent, unless that is written in the same transaction already.
    Raises NoLongerAllowed, and IntegrityError; then the whole transaction is rolled back.
    """
    counts = place_of_day(workspace)
    if not write_together(*inserts, counts):
        begin_day(workspace.pk)  # this may be the first of the day
        if not write_together(counts):
            raise NoLongerAllowed


def check_lines(workspace: Workspace) -> None:
    """Raise NoLongerAllowed where a call that was just written is one more than there are lines.

    After write_counted(), whose lock is what makes the count exact.
    """
    if lines.are_over(workspace):
        raise NoLongerAllowed


def check_stand(lead: Lead, *, asked: Lead) -> None:
    """Raise NoLongerAllowed where a lead does not stand any more as it stood when ask() judged it.

    lead: as it is now, locked. asked: as ask() was given it.
    """
    if _stand(lead) != _stand(asked):
        raise NoLongerAllowed


def _stand(lead: Lead) -> tuple[object, ...]:
    """Return what of a lead the rules of planned contacts go by."""
    return lead.status, lead.phone, lead.closed_as, lead.owner_id


def give_place_back(workspace_id: int, at: datetime) -> None:
    """Take a call that was not placed out of the count of the day on which it was made."""
    daily_count.give_back(workspace_id, daily_count.day_of(at))
