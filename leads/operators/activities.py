"""Writing down what a member does with a lead: on the lead, and in the log."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from leads.models import Activity, ActivityCode, Lead
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership

ACTIONS = {
    ActivityCode.TAKEN_OVER: Action.TAKE_OVER_LEAD,
    ActivityCode.HANDED_BACK: Action.HAND_BACK_LEAD,
    ActivityCode.ASSIGNED: Action.ASSIGN_LEAD,
    ActivityCode.CLOSED: Action.CLOSE_LEAD,
    ActivityCode.REOPENED: Action.REOPEN_LEAD,
    ActivityCode.NOTED: Action.NOTE_LEAD,
    ActivityCode.NEXT_STEP_SET: Action.SET_NEXT_STEP,
    ActivityCode.NEXT_STEP_DONE: Action.END_NEXT_STEP,
    ActivityCode.FOLLOW_UP_STOPPED: Action.STOP_FOLLOW_UP,
    ActivityCode.ATTEMPT_SKIPPED: Action.SKIP_ATTEMPT,
    ActivityCode.CALLBACK_PLANNED: Action.PLAN_CALLBACK,
    ActivityCode.WROTE: Action.WRITE_TO_LEAD,
}


class CannotChange(Exception):
    """The lead must not be changed that way; `str()` says why."""


@contextmanager
def deed(lead: Lead, by: Membership, code: ActivityCode) -> Iterator[Activity]:
    """Give the activity to fill in, whose `lead` is as it is now, locked to the block's end.

    What is noted stays out of the log, which only says that it was. Raises CannotChange where the
    lead was deleted meanwhile; so may the block, and nothing is written then.
    """
    with transaction.atomic():
        now = Lead.objects.select_for_update(of=("self",)).filter(pk=lead.pk)
        found = now.select_related("owner__user").first()
        if found is None:
            raise CannotChange("This lead was deleted meanwhile.")
        activity = Activity(lead=found, code=code, author=by.user, author_name=by.user.email)
        yield activity
        activity.save(force_insert=True)
        _note(lead)
    changes: dict[str, Any] = {"before": activity.before, "after": activity.after}
    record.action(
        workspace_id=lead.workspace_id,
        actor=by.user,
        action=ACTIONS[code],
        lead_id=lead.pk,
        **{name: value for name, value in changes.items() if value},
    )


def write(lead: Lead, by: Membership, code: ActivityCode) -> None:
    """Write down what was done elsewhere, which the log tells of; not of a lead that is gone."""
    with suppress(IntegrityError):
        Activity.objects.create(lead=lead, code=code, author=by.user, author_name=by.user.email)
        _note(lead)


def _note(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(last_active_at=timezone.now())


def require_open(lead: Lead) -> None:
    """Raise CannotChange for a lead that is closed."""
    if lead.is_closed:
        raise CannotChange(
            f"This lead is closed as {lead.get_closed_as_display().lower()}. Reopen it first."
        )
