"""A workspace that has an owner keeps one, whoever changes its members. No constraint can hold
that, as it spans rows: members are changed under a lock on their workspace.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from workspaces.models import Membership, Role, User, Workspace

NEEDS_OWNER = "A workspace needs an owner. Make somebody else an owner first."


def lock(workspaces: Iterable[int]) -> None:
    """Let nobody else change the members of workspaces until this transaction ends.

    PostgreSQL waits at these rows; SQLite has one writer.
    """
    rows = Workspace.objects.select_for_update(no_key=True).filter(pk__in=list(workspaces))
    list(rows.order_by("pk").values_list("pk"))


def would_lack(workspace: Workspace, *, given_up: Iterable[int]) -> bool:
    """Return whether a workspace has owners and only such whose memberships are given up.

    given_up: ids of memberships. Call it in a transaction; it locks.
    """
    lock([workspace.pk])
    owners = set(_owners().filter(workspace=workspace).values_list("pk", flat=True))
    return bool(owners) and owners <= set(given_up)


@transaction.atomic
def left_by(users: Iterable[User]) -> list[Workspace]:
    """Return the workspaces that would have no owner without some people. It locks them, for as
    long as the transaction lasts in which it is called.
    """
    owned = Workspace.objects.filter(
        pk__in=_owners().filter(user__in=users).values("workspace")
    ).order_by("pk")
    lock(workspace.pk for workspace in owned)
    kept = _owners().exclude(user__in=users).values("workspace")
    return list(owned.exclude(pk__in=kept))


def _owners() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Role.OWNER)
