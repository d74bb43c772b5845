"""Messages of people who are no leads: /admin/<slug>/messages."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.paging import paginate
from leads.operators import deleting
from leads.reading import strangers
from workspaces.access import workspace_member
from workspaces.models import Role

GONE = "These messages are not here any more."


@workspace_member()
@require_safe
def list_messages(request):
    """GET .../messages: newest first, a page at a time."""
    context = paginate(request, strangers.messages(request.workspace))
    return render(request, "leads/strangers/list.html", context)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, message_id):
    """GET .../messages/<id>/remove says what it will do; POST erases all that its sender wrote."""
    try:
        message = strangers.find(request.workspace, message_id)
    except strangers.NoStranger:
        messages.info(request, GONE)
        return _to_list(request)
    if request.method != "POST":
        return render(request, "leads/strangers/remove.html", {"message": message})
    deleting.remove_stranger(message=message, by=request.user)
    messages.success(request, "What this person wrote is erased.")
    return _to_list(request)


def _to_list(request):
    return redirect("strangers", slug=request.workspace.slug)
