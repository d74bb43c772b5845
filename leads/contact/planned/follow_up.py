"""What follows a call that is over: the next attempt, a retry, or the end of the plan.

Decided in the transaction that writes the call's end, with its lead locked, and again whenever
more is told of it. Only the latest call of a lead decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from coachbot import backoff
from coachbot.db import clock
from coachbot.providers.vapi.ended_reasons import classify
from coachbot.providers.vapi.endings import Ending
from leads import events, notices
from leads.contact import breaker, daily_count, rules
from leads.contact.planned import plan, steps
from leads.contact.rules import Purpose
from leads.models import WAITING, Call, HeldBecause, Lead, LeadStatus, Step, StepKind
from workspaces.models import Workspace
from workspaces.settings import follow_up_plan


class Next(Enum):
    """What an ending leads to."""

    STOP = "stop"  # the lead is reached, or somebody wanted the call to end
    ATTEMPT = "attempt"  # it rang, or a machine answered: the next attempt of the plan
    RETRY = "retry"  # it never rang: again soon, a few times
    LINE = "line"  # it waits for a free line
    TOMORROW = "tomorrow"  # Vapi's own limit of the day
    ACCOUNT = "account"  # the account places no calls
    GIVE_UP = "give_up"  # no call can ever reach this number


NEXT = {
    Ending.TRANSFER_FAILED: Next.STOP,
    Ending.TRANSFERRED: Next.STOP,
    Ending.PERSON: Next.STOP,
    Ending.VOICEMAIL: Next.ATTEMPT,
    Ending.NO_ANSWER: Next.ATTEMPT,
    Ending.BUSY: Next.ATTEMPT,
    Ending.SILENCE: Next.ATTEMPT,
    Ending.BAD_NUMBER: Next.GIVE_UP,
    Ending.LINES_FULL: Next.LINE,
    Ending.DAILY_LIMIT: Next.TOMORROW,
    Ending.NOT_STARTED: Next.RETRY,
    Ending.ACCOUNT: Next.ACCOUNT,
    Ending.INBOUND: Next.STOP,
    Ending.CANCELLED: Next.STOP,
    Ending.REFUSED: Next.RETRY,
    Ending.ACCOUNT_IN_CALL: Next.RETRY,
    Ending.BROKE: Next.RETRY,
    Ending.UNKNOWN: Next.ATTEMPT,
}
# How often a lead is called anew that never rang, one after the other.
MOST_RETRIES = 3
RETRY_AFTER = timedelta(minutes=2)
# After a call that Vapi refused, or that failed for the account; each one more in a row doubles it.
LINE_AFTER, LONGEST_FOR_LINE = timedelta(seconds=20), timedelta(minutes=10)
REFUSED_PAUSE, LONGEST_FOR_ACCOUNT = timedelta(minutes=1), timedelta(hours=1)
# What never rang for a reason that is not the lead's: no bound, no budget, no place in the day.
WAITS = (Next.LINE, Next.ACCOUNT, Next.TOMORROW)
# As Vapi says of a call that waited for a line when we had it dropped.
DROPPED = ("call-deleted", "scheduled-call-deleted")
# Endings that say nothing of whether somebody picked up: what else is known decides.
AMBIGUOUS = (Ending.BROKE, Ending.ACCOUNT_IN_CALL)


@dataclass(frozen=True)
class Progress:
    """How far the follow-up of a lead is: attempts that used the budget, or that were skipped, and
    all there may be.
    """

    made: int
    planned: int

    @property
    def is_over(self) -> bool:
        return self.made >= self.planned


def after_call(lead: Lead, call: Call, *, was_reached: bool) -> None:
    """Plan what follows a call that is over, in the place of what was planned before."""
    if call.is_inbound:
        _after_ring(lead, call, was_reached=was_reached)
        return
    following = _next(lead.workspace, call, was_reached=was_reached)
    used = following in (Next.ATTEMPT, Next.STOP, Next.GIVE_UP)
    if call.used_budget is None and following in WAITS:
        daily_count.give_back(call.workspace_id, daily_count.day_of(call.created_at))
    if call.used_budget != used:
        call.used_budget = used
        Call.objects.filter(pk=call.pk).update(used_budget=used)
    if not _is_latest(lead, call) or _stands(steps.callback_of(lead), call, following):
        return
    where = steps.STANDS[StepKind.CALLBACK] if _callback_made_by(call) else (LeadStatus.NEW,)
    if lead.status not in where or following is Next.STOP:
        steps.drop(lead)
    else:
        _plan(lead, call, following)


def _after_ring(lead: Lead, call: Call, *, was_reached: bool) -> None:
    """Let a call that the lead made end the plan, or leave it as it is: it is no attempt."""
    is_settled = was_reached or lead.status != LeadStatus.NEW
    if is_settled and not lead.calls.filter(created_at__gt=call.created_at).exists():
        steps.drop_attempt(lead)


def _stands(callback: Step | None, call: Call, following: Next) -> bool:
    """Tell whether a call-back is still wanted: unless it was asked for before the lead talked."""
    if callback is None:
        return False
    return callback.created_at >= call.created_at or following is not Next.STOP


def _callback_made_by(call: Call) -> Step | None:
    """Return the call-back that a call was; what follows it is a call-back too."""
    return Step.objects.filter(call=call, kind=StepKind.CALLBACK).first()


def _next(workspace: Workspace, call: Call, *, was_reached: bool) -> Next:
    ending = classify(call.ended_reason)
    if was_reached:
        return Next.STOP
    if ending is Ending.VOICEMAIL and workspace.voicemail_counts_as_reached:
        return Next.STOP
    if ending is Ending.PERSON:  # picked up, and no word: a mailbox, or a screen of calls
        return Next.ATTEMPT
    if ending in AMBIGUOUS and call.started_at is not None:
        return Next.ATTEMPT
    if call.is_blocked and (ending is Ending.NOT_STARTED or call.ended_reason in DROPPED):
        return Next.LINE
    return NEXT[ending]


# What Vapi refuses a call for, and what then holds the step; of others nothing does.
REFUSALS = {
    "vapi.concurrency": HeldBecause.LINES_FULL,
    "vapi.vapi_daily_limit": HeldBecause.DAILY_LIMIT,
    "vapi.not_connected": HeldBecause.NOT_CONNECTED,
    **dict.fromkeys(breaker.REFUSALS, HeldBecause.ACCOUNT_FAULT),
}
REFUSED_FOR_EVER = ("vapi.bad_number", "vapi.our_request")
MOST_TRIES = 20
MOST_LOOKED_AT = 20


def after_refusal(call: Call, code: str) -> None:
    """Plan the step anew whose call was not placed. code: why, in the table of providers.vapi.

    The call is still there, and goes in the same transaction.
    """
    step = Step.objects.filter(call=call).first()
    if step is None:
        return
    held = REFUSALS.get(code, "")
    is_over = step.tries >= MOST_TRIES and held not in WAITING
    if code in REFUSED_FOR_EVER or is_over:
        steps.give_back(call, due_at=None)
        return
    pause = REFUSED_PAUSE
    if held == HeldBecause.LINES_FULL:
        pause = backoff.pause(step.tries, first=LINE_AFTER, longest=LONGEST_FOR_LINE)
    due = daily_count.next_day() if held == HeldBecause.DAILY_LIMIT else clock.now() + pause
    due_at = None if held == HeldBecause.NOT_CONNECTED else due
    steps.give_back(call, due_at=due_at, held_because=held)


def _is_latest(lead: Lead, call: Call) -> bool:
    return not lead.calls.outbound().filter(created_at__gt=call.created_at).exists()


def _plan(lead: Lead, call: Call, following: Next) -> None:
    match following:
        case Next.ATTEMPT:
            _plan_attempt(lead, call)
        case Next.GIVE_UP:
            _end(lead)
        case Next.LINE:
            _wait_for_line(lead, call)
        case Next.TOMORROW:
            _retry(lead, call, daily_count.next_day() - clock.now(), HeldBecause.DAILY_LIMIT)
        case Next.ACCOUNT:
            waited, _ = _never_rang(lead)
            after = backoff.pause(waited - 1, first=REFUSED_PAUSE, longest=LONGEST_FOR_ACCOUNT)
            _retry(lead, call, after, HeldBecause.ACCOUNT_FAULT)
        case _:
            _retry(lead, call, RETRY_AFTER)


def _wait_for_line(lead: Lead, call: Call) -> None:
    """Plan the same contact again, also without a plan: the call never rang."""
    made_by, kind = Step.objects.filter(call=call).first(), StepKind.RETRY
    if made_by:
        kind = StepKind(made_by.kind)
    elif not lead.calls.filter(used_budget=True).exists():
        kind = StepKind.FIRST
    waited, _ = _never_rang(lead)
    due = clock.now() + backoff.pause(waited - 1, first=LINE_AFTER, longest=LONGEST_FOR_LINE)
    _write(lead, call, kind, due, HeldBecause.LINES_FULL)


def _write(lead: Lead, call: Call, kind: StepKind, due: datetime, held_because: str = "") -> None:
    again = _callback_made_by(call)
    steps.plan(lead, kind, due, held_because=held_because, again=again)


def _retry(lead: Lead, call: Call, after: timedelta, held_because: str = "") -> None:
    """Plan the same attempt again, where there is a plan, or a promise to call back, and it did
    not fail too often.
    """
    if not lead.workspace.follow_up_plan and not _callback_made_by(call):
        return
    _, failed = _never_rang(lead)
    if failed > MOST_RETRIES:
        return _end(lead)
    _write(lead, call, StepKind.RETRY, clock.now() + after, held_because)


def _never_rang(lead: Lead) -> tuple[int, int]:
    """Return of the latest calls that never rang, one after the other, how many waited for
    something that is not the lead's, and how many failed otherwise.
    """
    told = lead.calls.exclude(used_budget=None).order_by("-created_at")
    waited = failed = 0
    for call in told.only("used_budget", "ended_reason", "is_blocked", "started_at")[
        :MOST_LOOKED_AT
    ]:
        if call.used_budget:
            break
        waits = _next(lead.workspace, call, was_reached=False) in WAITS
        waited, failed = waited + waits, failed + (not waits)
    return waited, failed


def _plan_attempt(lead: Lead, call: Call) -> None:
    reached = progress(lead)
    if not _gaps(lead):
        steps.drop(lead)
    elif reached.is_over:
        _end(lead)
    else:
        due = _due(lead, reached, since=call.ended_at or clock.now())
        _write(lead, call, StepKind.ATTEMPT, due)


def skip(lead: Lead, step: Step) -> bool:
    """Leave out the attempt that a step was to be, and plan the one after it, as long after its
    time; or end the plan. Return False where the step is gone.

    Where the lead's row is locked by whoever calls.
    """
    if not steps.skip(step):
        return False
    reached = progress(lead)
    if reached.is_over or not _gaps(lead):
        _end(lead)
    else:
        due = _due(lead, reached, since=max(step.due_at or clock.now(), clock.now()))
        steps.plan(lead, StepKind.ATTEMPT, due)
    return True


def _gaps(lead: Lead) -> Sequence[timedelta]:
    return follow_up_plan.parse(lead.workspace.follow_up_plan).gaps


def _due(lead: Lead, reached: Progress, *, since: datetime) -> datetime:
    """Return when the next attempt is due, after one that ended at a moment."""
    return plan.due(
        _gaps(lead)[max(reached.made - 1, 0)],
        since=since,
        allowed=rules.hours_of(lead, Purpose.PLANNED),
        zones=rules.zones_of(lead, since),
    )


def _end(lead: Lead) -> None:
    """Note, once, that the plan is over and nobody was reached."""
    steps.drop(lead)
    if lead.unreached_at is None and lead.status == LeadStatus.NEW:
        lead.unreached_at = clock.now()
        unreached = Lead.objects.filter(pk=lead.pk, unreached_at=None)
        if unreached.update(unreached_at=lead.unreached_at):
            events.lead_unreached(lead)
            notices.unreached(lead)


def progress(lead: Lead) -> Progress:
    """Return how far the follow-up of a lead is."""
    made = lead.calls.filter(used_budget=True).count() + lead.steps.skipped().count()
    attempts = follow_up_plan.parse(lead.workspace.follow_up_plan).attempts
    return Progress(min(made, attempts), attempts)
