"""What is done again and again without being asked: settling, and erasing by age.

Run by the worker's periodic tasks and by commands, side by side if need be.
"""

from collections.abc import Iterator

from coachbot.db import clock
from leads import erasure
from leads.agent import booking
from leads.appointments import hints
from leads.calls.placing import reconcile
from leads.calls.settling import blocked, overdue
from leads.intake import idempotency
from leads.intake_addresses import arrivals
from workspaces.models import Workspace


def settle(*, quiet: bool) -> Iterator[str]:
    """Find out what became of calls and bookings that nobody works on any more.

    Yield in sentences what was done as it is done; quiet: only where there was something to do.
    Safe at any time and from several processes at once.
    """
    if not clock.is_right():
        return  # a machine that is wrong about the time leaves it to the others
    settled = reconcile.settle_dialing_calls()
    if not quiet or settled != reconcile.Settled():
        yield (
            f"{settled.placed} placed, {settled.withdrawn} withdrawn, "
            f"{settled.still_open} still open, {settled.given_up} handed to a human."
        )
    if dropped := blocked.settle_blocked_calls():
        yield f"Calls that waited for a line at Vapi: {dropped} are made again when one is free."
    closed = overdue.settle_open_calls()
    if not quiet or closed != overdue.Closed():
        yield (
            f"Calls in progress: {closed.ended} ended, {closed.still_open} still open, "
            f"{closed.given_up} given up."
        )
    if bookings := booking.settle_bookings():
        yield f"Bookings whose answer was lost: {bookings} known now."


def apply_retention() -> Iterator[str]:
    """Erase what is older than its workspace keeps, and forget used-up Idempotency-Keys.

    Yield in sentences what was done as it is done. Safe to stop, and to run twice.
    """
    now = clock.now()
    for workspace in Workspace.objects.exclude(
        retention_days=None, log_retention_days=None
    ).order_by("pk"):
        erased = erasure.apply_retention(workspace, now)
        yield f"{workspace.slug}: {erased.leads} leads and {erased.log_rows} log rows erased."
    yield f"{idempotency.purge_expired()} Idempotency-Keys forgotten."
    yield f"{hints.forget_old()} hints of Cal.com forgotten."
    yield f"{arrivals.forget_old()} bodies of forms forgotten."
