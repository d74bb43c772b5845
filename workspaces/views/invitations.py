"""Accepting an invitation: for whoever has its link, signed in or not.

The link's token moves into the session, as a digest, and out of the URL. To look changes nothing,
as mail scanners follow links; only a POST accepts.
"""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages import faults
from workspaces.members import acceptance, invitation_mail, invitations
from workspaces.members.invitations import State
from workspaces.models import Membership, User
from workspaces.views import known_browsers

DIGEST = "invitation"
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHY_NOT = {
    State.EXPIRED: "It is older than seven days. Ask whoever invited you to send it again.",
    State.VOID: "Whoever sent it may not invite people to that workspace any more. Ask somebody "
    "else there for an invitation.",
    State.REVOKED: "It was taken back. Ask whoever invited you why.",
    State.ACCEPTED: "It was accepted before. Sign in to see the workspace.",
    State.UNKNOWN: "The link is not whole, or a newer mail has another one. Open the link of the "
    "newest mail.",
}


@never_cache
@require_safe
def open_invitation(request, token):
    """GET /invitation/open/<token>, the link of the mail."""
    digest = invitations.digest_of(token)
    if acceptance.look_up(digest) is None:
        return _not_accepted(State.UNKNOWN)
    request.session[DIGEST] = digest
    return redirect("invitation")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request):
    """GET /invitation tells what it is and asks; POST accepts, for who is signed in."""
    if request.method != "POST":
        return _page(request)
    if not request.user.is_authenticated:
        return redirect("invitation")
    try:
        membership = acceptance.accept(digest=_digest(request), user=request.user)
    except (acceptance.CannotAccept, acceptance.OtherAccount):
        return _page(request)
    return _welcome(request, membership)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class NewAccount(View):
    """POST /invitation/account: who has none yet makes one, and accepts with it."""

    http_method_names = ["post"]

    def post(self, request):
        found = acceptance.look_up(_digest(request))
        if found is None or request.user.is_authenticated:
            return redirect("invitation")
        form = SetPasswordForm(User(email=found.invitation.email), request.POST)
        if not form.is_valid():
            return _page(request, form)
        try:
            membership = acceptance.accept_with_new_account(
                digest=_digest(request), password=form.cleaned_data["new_password1"]
            )
        except acceptance.CannotAccept:
            return _page(request)
        except acceptance.AccountExists:
            form.add_error(None, "That address has an account already. Sign in with it to accept.")
            return _page(request, form)
        login(request, membership.user, backend=BACKEND)
        response = _welcome(request, membership)
        known_browsers.remember(request, response, membership.user.email)
        return response


def _digest(request) -> str:
    return request.session.get(DIGEST, "")


def _page(request, form=None):
    """Return what the invitation of the session is, or why it cannot be accepted."""
    found = acceptance.look_up(_digest(request))
    state = found.state if found else State.UNKNOWN
    if found is None or state != State.PENDING:
        return _not_accepted(state)
    row = found.invitation
    context = {
        "inviter": row.inviter,
        "workspace": invitation_mail.name_for_strangers(row.workspace),
        "role": row.role_word,
        "hint": acceptance.hint_of(row.email),
        "is_theirs": request.user.is_authenticated and request.user.email == row.email,
        "form": form or SetPasswordForm(User()),
    }
    return render(request, "workspaces/invitation.html", context)


def _not_accepted(state: State):
    return faults.page(404, "This invitation does not work", WHY_NOT[state])


def _welcome(request, membership: Membership):
    del request.session[DIGEST]
    workspace = membership.workspace
    messages.success(
        request,
        f"You are in {workspace.name} now, with the role {membership.role_word}. "
        f"You sign in as {membership.user}.",
    )
    return redirect("overview", slug=workspace.slug)
