"""What keeps the agent from booking appointments."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from coachbot.providers.calcom.errors import CAUSES
from leads.models import LeadStatus, StatusReason
from leads.reading.troubles.trouble import MOST, WINDOW, Trouble, TroubleCode, counted, tally
from workspaces.connections import credentials
from workspaces.log import queries
from workspaces.models import CredentialKind, Workspace


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield what is wrong with a workspace's calendar."""
    connected_at = credentials.changed_at(workspace.pk, CredentialKind.CALCOM)
    if connected_at is None:
        yield from _not_connected(workspace)
    else:
        yield from _failed(workspace, connected_at)


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
    rows = queries.failures_of(workspace, "calcom.", since=since)
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


def _is_ours(row) -> bool:
    return CAUSES.explain(row.error_code).is_ours
