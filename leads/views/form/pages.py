"""Pages in a business's own look: who may frame them, and what is shown where there is no form."""

from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from leads.forms import texts, versions
from leads.forms.versions import Version
from workspaces.models import Workspace
from workspaces.settings import taken_slugs


class SameAddress(HttpResponseRedirect):
    """A redirect that keeps method and body: a form that is open while its address changes."""

    status_code = 307


class SeeOther(HttpResponseRedirect):
    """What a form answers that was sent: the page that says what came of it."""

    status_code = 303


def form_of_workspace(view):
    """Let a view answer strangers at the address of a workspace's form.

    It gets the workspace and the version that is shown. Where a form was never published, nothing
    tells that there is such a workspace. One that was renamed is found by its old slugs.
    """

    @wraps(view)
    def found(request, slug, **kwargs):
        workspace = Workspace.objects.filter(slug=slug).first()
        version = versions.shown(workspace) if workspace else None
        if workspace is not None and version is not None:
            return view(request, workspace, version, **kwargs)
        return _moved(request, slug, **kwargs) or nothing_here()

    return found


def _moved(request, slug: str, **kwargs) -> HttpResponse | None:
    workspace = taken_slugs.workspace_that_had(slug)
    if workspace is None or versions.shown(workspace) is None:
        return None
    name = request.resolver_match.url_name
    address = reverse(name, kwargs={"slug": workspace.slug, **kwargs})
    query = request.META.get("QUERY_STRING", "")
    return SameAddress(f"{address}?{query}" if query else address)


def nothing_here() -> HttpResponse:
    """Return the page of an address at which there is no form."""
    return HttpResponse(render_to_string("forms/none.html"), status=404)


def page(
    template: str, workspace: Workspace, version: Version, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page in the look of a version. No cache keeps it, and the business's sites frame it.

    It is made without the request: nobody has a session here, and no cookie is looked at.
    """
    html = render_to_string(template, look_of(workspace, version) | context)
    response = HttpResponse(html, status=status)
    add_never_cache_headers(response)
    return framed_by(response, workspace.form_sites)


def look_of(workspace: Workspace, version: Version) -> dict[str, Any]:
    """Return what every page of a form shows of its business."""
    definition = version.definition
    logo = definition.logo
    return {
        "workspace": workspace,
        "definition": definition,
        "texts": texts.of(definition.language),
        "accent": reverse("form_accent", args=[definition.accent.removeprefix("#")]),
        "logo": reverse("form_logo", args=[workspace.slug, logo]) if logo else "",
    }


def framed_by(response: HttpResponse, sites: str) -> HttpResponse:
    """Let pages of some origins show a response in a frame; none where there are none."""
    if sites:
        response._csp_replace = {"frame-ancestors": sites.split(",")}  # type: ignore[attr-defined]  # django-csp's
        response.xframe_options_exempt = True
    return response
