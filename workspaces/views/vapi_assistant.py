"""Connecting Vapi in one page: what there is to choose from, setting the assistant up, going back.

The page itself is the section of the settings, and the account is saved as any provider's.
"""

from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from coachbot.http.pages.form_pages import posted_from
from coachbot.providers.vapi.client import Account
from workspaces.access import workspace_member
from workspaces.connections import accounts, credentials
from workspaces.connections.assistant import choices, entered_key, showing
from workspaces.connections.assistant.asking import NotDone
from workspaces.connections.assistant.going_back import ChangedSince, NothingKept, go_back
from workspaces.connections.assistant.kept import BeingSetUp
from workspaces.connections.assistant.setting_up import Done, NotOurs, set_up
from workspaces.connections.forms.vapi import VAPI
from workspaces.models import Role
from workspaces.views import sections

FAILURES = (BeingSetUp, NotDone, NothingKept, credentials.NotConnected, credentials.CannotUnseal)
NOTHING_DONE = "The assistant is set up already. Nothing was changed."
PARTS = {
    "server": "the server URL and the secret",
    "serverMessages": "what it reports",
    "model": "its tools",
}


def of_voice(view):
    """Answer 404 where the workspace has no use for Vapi."""

    @wraps(view)
    def decorated(request):
        if not VAPI.serves(request.workspace):
            raise Http404
        return view(request)

    return decorated


@workspace_member(role=Role.ADMIN)
@of_voice
@posted_from("connect", connection=VAPI)
def look(request):
    """POST .../settings/vapi/look: the section, with what the key lets one choose from.

    With `by_hand`, the ids can be typed instead.
    """
    stored = _stored(request)
    who = {"workspace_id": request.workspace.pk, "user_id": request.user.pk}
    form = VAPI.form.posted(request.POST, stored=stored, **who)
    form.keep_errors_of_key()
    form.is_typed = "by_hand" in request.POST
    if form.errors or form.is_typed:
        return sections.page(request, "vapi", form=form)
    api_key = form.entered()["api_key"]
    try:
        found = choices.look(request.workspace, api_key)
    except choices.NotListed as error:
        form.add_error("api_key" if error.is_key_wrong else None, str(error))
        return sections.page(request, "vapi", form=form)
    is_stored = stored is not None and stored.api_key == api_key
    entered = "" if is_stored else api_key
    carried = entered_key.carry(entered, **who) if entered else ""
    form = VAPI.form(stored=stored, entered=entered, carried=carried, choices=found)
    return sections.page(request, "vapi", form=form)


@workspace_member(role=Role.ADMIN)
@of_voice
@posted_from("connect", connection=VAPI)
def set_up_assistant(request):
    """POST .../settings/vapi/set-up: the assistant gets our tools, server URL and secret.

    `may_replace`: also in the place of somebody else's.
    """
    may_replace = "may_replace" in request.POST
    try:
        done = set_up(
            workspace=request.workspace, connection=VAPI, by=request.user, may_replace=may_replace
        )
    except NotOurs as error:
        found = [(one.tool, showing.shown_url(one.url)) for one in error.found]
        return sections.page(request, "vapi", not_ours=found)
    except FAILURES as error:
        return _failed(request, error)
    return sections.saved(request, "vapi", _told(done), part="assistant")


@workspace_member(role=Role.ADMIN)
@of_voice
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_set_up(request):
    """GET .../settings/vapi/go-back says what stood on the assistant before; POST restores it.

    `may_undo`: also what somebody else changed since.
    """
    stored = _stored(request)
    assistant_id = stored.assistant_id if stored else ""
    context: dict[str, Any] = {"set_up": showing.standing(request.workspace, assistant_id)}
    if request.method != "POST":
        return render(request, "workspaces/assistant_go_back.html", context)
    may_undo = "may_undo" in request.POST
    try:
        left = go_back(
            workspace=request.workspace, connection=VAPI, by=request.user, may_undo=may_undo
        )
    except ChangedSince as error:
        context["changed"] = error.parts
        return render(request, "workspaces/assistant_go_back.html", context)
    except FAILURES as error:
        return _failed(request, error)
    if left:
        words = f"The assistant is as it was, but for {' and '.join(left)}: look at it in Vapi."
        messages.warning(request, words, extra_tags="assistant")
        return redirect(sections.address(request.workspace, "vapi"))
    words = "The assistant is as it was before it was set up. Its tools stay in Vapi, unused."
    return sections.saved(request, "vapi", words, part="assistant")


def _stored(request) -> Account | None:
    stored, _ = accounts.stored_account(request.workspace, VAPI)
    return cast(Account | None, stored)


def _failed(request, error: Exception):
    messages.error(request, str(error), extra_tags="assistant")
    return redirect(sections.address(request.workspace, "vapi"))


def _told(done: Done) -> str:
    if done.is_nothing:
        return NOTHING_DONE
    told = [PARTS[part] for part in PARTS if part in done.parts]
    words = [f"It got {', '.join(told)}."] if told else []
    for names, what in ((done.made, "made"), (done.changed, "changed")):
        if names:
            words.append(f"{len(names)} tool{'' if len(names) == 1 else 's'} {what} in Vapi.")
    return " ".join(["The assistant is set up.", *words])
