"""Who may see a page below /admin/<slug>/. Nothing else decides it."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.cache import add_never_cache_headers

from coachbot.http import faults, time_zone
from workspaces.models import Membership, Role


def workspace_member(role: Role = Role.AGENT):
    """Let members of the workspace in whose role includes `role`.

    The view gets `request.membership` and `request.workspace` instead of the slug. Anyone
    who is not a member gets the same 404 as for a slug that does not exist; a member of a
    lower role gets a 403.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, slug, **kwargs):
            request.membership = _membership(request.user, slug)
            if request.membership is None:
                # The page itself, not Http404: that has another face with DEBUG=1.
                return faults.not_found(request, None)
            if not request.membership.has_role(role):
                raise PermissionDenied
            request.workspace = request.membership.workspace
            with time_zone.shown_in(request.workspace.time_zone):
                response = view(request, **kwargs)
            # Personal data: not for shared caches, nor for the back button after a sign-out.
            add_never_cache_headers(response)
            return response

        return guarded

    return decorate


def _membership(user, slug: str) -> Membership | None:
    if not user.is_authenticated:
        return None
    memberships = user.memberships.select_related("workspace")
    return memberships.filter(workspace__slug=slug).first()
