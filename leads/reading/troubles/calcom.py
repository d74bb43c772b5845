"""What keeps the agent from booking appointments."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from coachbot.providers.calcom.errors import CAUSES
from leads.models import LeadStatus, StatusReason
from leads.reading.troubles.trouble import MOST, WINDOW, Trouble, TroubleCode, counted, tally
from workspaces.connections import credentials
from workspaces.log import queries
from workspaces.models import CredentialKind, Subscription, Workspace

# What a lead waits for. The look-ups of later are the worker's, which tries them again.
BOOKING = ("calcom.list_slots", "calcom.create_booking", "calcom.list_bookings")
# A webhook that could not be made is tried again a few times first.
UNTOLD_AFTER = timedelta(minutes=15)


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield what is wrong with a workspace's calendar."""
    connected_at = credentials.changed_at(workspace.pk, CredentialKind.CALCOM)
    if connected_at is None:
        yield from _not_connected(workspace)
    else:
        yield from _failed(workspace, connected_at)
        yield from _untold(workspace)


def _not_connected(workspace: Workspace) -> Iterator[Trouble]:
    """It is no trouble until somebody wants an appointment."""
    wanting = workspace.leads.filter(
        status=LeadStatus.NEEDS_HUMAN, status_reason=StatusReason.CALENDAR_NOT_CONNECTED
    )
    number, since = tally(wanting)
    if number:
        yield Trouble(
            TroubleCode.CALCOM_NOT_CONNECTED,
            f"{counted(number, 'lead', 'leads')} could not be booked",
            "Cal.com is not connected.",
            since,
        )


def _failed(workspace: Workspace, connected_at: datetime) -> Iterator[Trouble]:
    """The leads for whom Cal.com has done nothing since it last did something."""
    since = timezone.now() - WINDOW
    rows = queries.failures_of(workspace, "calcom.", since=since).filter(code__in=BOOKING)
    failures = list(rows.exclude(error_code__in=CAUSES.of_lead)[:MOST])
    if not failures:
        return
    worked_at = queries.last_success_of(workspace, "calcom.", since=failures[-1].created_at)
    mended_at = max(worked_at or since, since)
    lasting = [
        row
        for row in failures
        if row.created_at > (max(mended_at, connected_at) if _is_ours(row) else mended_at)
    ]
    if not lasting:
        return
    leads = {row.lead_id for row in lasting}
    cause = CAUSES.explain(lasting[0].error_code)
    yield Trouble(
        TroubleCode.CALCOM_ACCOUNT_WRONG if cause.is_ours else TroubleCode.CALCOM_AWAY,
        f"{counted(len(leads), 'lead', 'leads')} could not be booked",
        f"{cause.meaning} {cause.fix}",
        lasting[-1].created_at,
    )


def _untold(workspace: Workspace) -> Iterator[Trouble]:
    """Cal.com has no webhook for the workspace, or it is not known to have one still."""
    missing = Subscription.objects.current().filter(
        workspace=workspace, failed_since__lt=timezone.now() - UNTOLD_AFTER
    )
    for row in missing:
        cause = CAUSES.explain(row.error_code)
        yield Trouble(
            TroubleCode.CALCOM_EVENTS_MISSING,
            "Cal.com does not report bookings that move",
            f"{cause.meaning} They are found by looking them up, within the hour. {cause.fix}",
            row.failed_since,
        )


def _is_ours(row) -> bool:
    return CAUSES.explain(row.error_code).is_ours
