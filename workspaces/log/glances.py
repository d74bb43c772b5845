"""What pages show at a glance, again and again: worked out anew once something was logged."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import caches

from workspaces.models import Workspace

# How long something is shown at most while nothing is logged in the workspace.
SECONDS = 15

T = TypeVar("T")


def glance(workspace: Workspace, name: str, look: Callable[[], T]) -> T:
    """Return what look() returns, or what it returned some seconds ago. One query.

    name: of what is looked at. Whatever happens in a workspace is logged or saved with it, and
    then it is looked at again. Kept in this process alone: no page fails or waits for it.
    """
    latest = workspace.log.order_by("-created_at", "-id").values_list("id", flat=True).first()
    key = f"{name}:{workspace.pk}:{workspace.updated_at.timestamp()}:{latest}"
    return cast(T, caches["glances"].get_or_set(key, look, SECONDS))
