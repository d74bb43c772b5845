"""How long a workspace keeps leads and log rows, and what the next night would take.

The rule stands here, and `leads.erasure`, which does the work, imports it: so the settings can say
beforehand how many leads go, and nothing here knows of leads but the workspace's own relation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from coachbot.work import periodic
from workspaces.models import Workspace

AT = time(3, 30)  # UTC


@dataclass(frozen=True)
class Loss:
    """How many leads and log rows a change of settings would have erased in the next night."""

    leads: int
    log_rows: int
    at: datetime


def lead_cutoff(retention_days: int | None, now: datetime) -> datetime | None:
    """Return before which moment leads are too old; None where they are kept for ever."""
    return None if retention_days is None else now - timedelta(days=retention_days)


def log_cutoff(
    retention_days: int | None, log_retention_days: int | None, now: datetime
) -> datetime | None:
    """Return before which moment log rows are too old. They go with the leads of their time."""
    limits = [days for days in (retention_days, log_retention_days) if days is not None]
    return now - timedelta(days=min(limits)) if limits else None


def loss_by(workspace: Workspace, values: Mapping[str, Any], now: datetime) -> Loss | None:
    """Return what goes in the next night if settings get these values; None where nothing goes
    that would not go anyway.
    """
    at = periodic.next_at(AT, now)
    old = workspace.retention_days, workspace.log_retention_days
    new = (
        values.get("retention_days", workspace.retention_days),
        values.get("log_retention_days", workspace.log_retention_days),
    )
    leads = log_rows = 0
    if cutoff := _later(lead_cutoff(new[0], at), lead_cutoff(old[0], at)):
        leads = workspace.leads.accepted().received_before(cutoff).count()
    if cutoff := _later(log_cutoff(*new, at), log_cutoff(*old, at)):
        log_rows = workspace.log.filter(created_at__lt=cutoff).count()
    return Loss(leads, log_rows, at) if leads or log_rows else None


def _later(new: datetime | None, old: datetime | None) -> datetime | None:
    """Return a new cutoff where it takes more than the old one did."""
    return new if new and (old is None or new > old) else None
