"""Looking for what nobody's deed tells of: troubles of the agent, limits, and a worker's absence.

Only the worker looks, as nothing is told without it: see docs/decisions/notices-by-the-worker.md.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Mod
from django.utils import timezone

from coachbot.work import heartbeat
from leads.contact import daily_count
from leads.models import DailyCount
from leads.notices import said
from leads.reading.troubles import found
from leads.reading.troubles.trouble import Trouble, TroubleCode
from workspaces.log import queries
from workspaces.models import NoticeKind, OpenTrouble, Workspace
from workspaces.notices import recording

# Those that are not told by themselves: the breaker, leads that need a person and the members who
# paused the agent or closed the country tell of the others.
TOLD = (
    TroubleCode.TWILIO_NOT_CONNECTED,
    TroubleCode.MODEL_NOT_CONNECTED,
    TroubleCode.MESSAGES_REFUSED,
    TroubleCode.TOKENS_USED_UP,
    TroubleCode.INTAKE_BROKEN,
    TroubleCode.EVENTS_MISSING,
    TroubleCode.CALLERS_LOST,
    TroubleCode.CALCOM_NOT_CONNECTED,
    TroubleCode.CALCOM_ACCOUNT_WRONG,
    TroubleCode.CALCOM_AWAY,
    TroubleCode.CALCOM_EVENTS_MISSING,
)
# What comes back within this time never went: it is the same trouble.
OVER_AFTER = timedelta(hours=1)
# Where nothing happened for so long nothing new is wrong.
ACTIVE = timedelta(hours=1)
# To look at a workspace takes some twenty queries, so each is looked at once in so many rounds.
PARTS = 10
NEAR = 0.8
# What is counted in a day, and the setting that bounds it.
LIMITS = {"calls": "daily_call_limit", "tokens": "daily_token_limit"}
MOST_AT_ONCE = 500


def look_for_troubles(part: int) -> int:
    """Have people told of the troubles of one part of the workspaces, of PARTS in turn. Return of
    how many it was looked.
    """
    since = timezone.now() - ACTIVE
    lively = queries.written_since(since, workspace="pk")
    troubled = OpenTrouble.objects.filter(workspace=OuterRef("pk"))
    numbered = Workspace.objects.alias(part=Mod("pk", PARTS)).filter(part=part % PARTS)
    workspaces = list(numbered.filter(lively | Exists(troubled)).order_by("pk"))
    for workspace in workspaces:
        look_at(workspace)
    return len(workspaces)


def look_at(workspace: Workspace) -> None:
    """Tell of the troubles that a workspace has now and did not have before."""
    now = timezone.now()
    for trouble in found.find(workspace):
        if trouble.code in TOLD:
            _note(workspace, trouble, now)
    OpenTrouble.objects.filter(workspace=workspace, seen_at__lt=now - OVER_AFTER).delete()


@transaction.atomic
def _note(workspace: Workspace, trouble: Trouble, now: datetime) -> None:
    """Note that a trouble is there, and tell of one that is new: of several who see it one does."""
    row, is_new = OpenTrouble.objects.update_or_create(
        workspace=workspace, code=trouble.code, defaults={"seen_at": now}
    )
    if is_new:
        recording.tell(
            workspace.pk,
            NoticeKind.AGENT_TROUBLE,
            state=f"trouble:{row.pk}",
            text=f"{trouble.what}: {trouble.why}",
        )


def look_at_limits() -> None:
    """Have people told, once a day, where most of what a day allows is used."""
    for what, limit in LIMITS.items():
        near = DailyCount.objects.filter(
            **{"day": daily_count.today(), f"workspace__{limit}__gt": 0},
            **{f"{what}__gte": F(f"workspace__{limit}") * NEAR},
        )
        for row in near.select_related("workspace")[:MOST_AT_ONCE]:
            recording.limit_near(
                row.workspace_id,
                what=what,
                used=getattr(row, what),
                most=getattr(row.workspace, limit),
                on=row.day,
            )


@transaction.atomic
def look_for_absence() -> None:
    """Have people told that no worker was there, once one is there again to tell it.

    A workspace that is younger than that missed nothing.
    """
    since = heartbeat.missed_since()
    if since is None:
        return
    for workspace in Workspace.objects.filter(created_at__lt=since).only("pk", "time_zone"):
        recording.tell(
            workspace.pk,
            NoticeKind.AGENT_TROUBLE,
            state=f"worker:{since.isoformat()}",
            text=f"The worker was away since {said(since, workspace)}. It is back: what was due "
            "is made up for. Calls and mails may have come late.",
        )
    heartbeat.forget_absence(since)
