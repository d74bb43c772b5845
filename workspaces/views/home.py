"""The page at the root."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from workspaces.models import Workspace


@require_safe
def home(request):
    """GET /: what this is, or the workspaces of who is signed in; the only one at once."""
    if not request.user.is_authenticated:
        return render(request, "welcome.html")
    workspaces = list(Workspace.objects.of_member(request.user))
    if len(workspaces) == 1 and "all" not in request.GET:
        return redirect("overview", slug=workspaces[0].slug)
    return render(request, "workspaces/home.html", {"workspaces": workspaces})
