"""Who may see a page below /admin/<slug>/. Nothing else decides it."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.cache import add_never_cache_headers

from coachbot.http.pages import faults, form_pages, sent_once, time_zone
from workspaces.models import Membership, Role


def workspace_member(role: Role = Role.AGENT):
    """Let members of the workspace in whose role includes `role`.

    The view gets `request.membership` and `request.workspace` instead of the slug. Anyone
    who is not a member gets the same 404 as for a slug that does not exist; a member of a
    lower role gets a 403. A form that was sent before is not done again.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, slug, **kwargs):
            if answer := sent_once.earlier_answer(request):
                return answer
            request.membership = _membership(request.user, slug)
            if request.membership is None:
                return _to_a_stranger(request)
            if not request.membership.has_role(role):
                raise PermissionDenied
            request.workspace = request.membership.workspace
            with time_zone.shown_in(request.workspace.time_zone):
                response = sent_once.answered_once(request, view, **kwargs)
            # Personal data: not for shared caches, nor for the back button after a sign-out.
            add_never_cache_headers(response)
            return response

        return guarded

    return decorate


def _to_a_stranger(request):
    """Say that there is no such page, or that the session ended in which it was open.

    The cookie of a session that is not there any more has left none behind, not an empty one.
    """
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    is_lost = had_session and request.session.session_key is None
    is_signed_out = not request.user.is_authenticated
    if is_signed_out and (is_lost or form_pages.comes_from_a_page(request)):
        return faults.session_ended(request)
    return faults.not_found(request)


def _membership(user, slug: str) -> Membership | None:
    if not user.is_authenticated:
        return None
    memberships = user.memberships.select_related("workspace")
    return memberships.filter(workspace__slug=slug).first()
