"""/docs and /llms.txt: for everybody, with the own workspace's slug for who is signed in."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coachbot.docs import markdown, pages

PLAIN = "text/plain; charset=utf-8"


@require_safe
def page(request, name=""):
    """GET /docs and /docs/<name>"""
    page, workspace = _page(name), _workspace(request)
    rendered = markdown.render(pages.text_of(page, workspace.slug if workspace else None))
    context = {"body": rendered.html, "parts": rendered.parts}
    return render(request, "docs/page.html", _frame(page, workspace) | context)


@require_safe
def reference(request):
    """GET /docs/reference: the API's description, shown by Swagger UI."""
    context = {"base_url": settings.PUBLIC_BASE_URL}
    frame = _frame(pages.REFERENCE, _workspace(request))
    return render(request, "docs/reference.html", frame | context)


@require_safe
def text(request, name=""):
    """GET /docs.md and /docs/<name>.md: the same as plain text."""
    workspace = _workspace(request)
    text = pages.text_of(_page(name), workspace.slug if workspace else None)
    return HttpResponse(text, content_type=PLAIN)


@require_safe
def llms_txt(request):
    """GET /llms.txt"""
    return HttpResponse(pages.llms_txt(), content_type=PLAIN)


def _page(name: str) -> pages.Page:
    try:
        return pages.BY_NAME[name]
    except KeyError as error:
        raise Http404 from error


def _frame(page: pages.Page, workspace) -> dict:
    """Return what every page has around its text."""
    return {
        "page": page,
        "guides": pages.GUIDES,
        "snippets": pages.WITH_CODE,
        "reference": pages.REFERENCE,
        "workspace": workspace,
    }


def _workspace(request):
    """Return the first workspace of who is signed in, or None."""
    if not request.user.is_authenticated:
        return None
    memberships = request.user.memberships.select_related("workspace")
    first = memberships.order_by("workspace__name", "workspace_id").first()
    return first and first.workspace
