"""Where members make the form: /admin/<slug>/form. Each button also keeps what was typed."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.bodies.uploads import takes_file
from coachbot.http.pages import faults
from coachbot.http.pages.form_pages import posted_from
from leads.forms import colours, drafts, logos, versions
from leads.forms import definition as definitions
from leads.forms.definition import Definition
from leads.forms.drafts import Draft
from leads.views.form.assets import picture
from leads.views.form.builder_forms import DraftForm
from workspaces.access import workspace_member
from workspaces.models import Role, Workspace
from workspaces.views import sections

MEANWHILE = (
    "Somebody else has changed the form since you opened this page. Nothing was saved. What you "
    "typed is still here: save again, and it takes the place of theirs."
)


@takes_file
@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_form(request):
    """GET and POST .../form: the draft, and keeping it."""
    if request.method == "POST":
        return _changed(request, lambda draft: draft, said="The draft is saved.")
    draft = drafts.of(request.workspace)
    return _page(request, DraftForm(draft.definition), draft.revision)


@takes_file
@workspace_member(role=Role.ADMIN)
@posted_from("form")
def add_question(request):
    """POST .../form/questions/add"""
    return _changed(request, Definition.with_question, to_last=True)


@takes_file
@workspace_member(role=Role.ADMIN)
@posted_from("form")
def move_question(request, question_id, way):
    """POST .../form/questions/<id>/up and /down"""
    places = -1 if way == "up" else 1
    return _changed(
        request, lambda draft: draft.moved(question_id, places), moved=question_id, way=way
    )


@takes_file
@workspace_member(role=Role.ADMIN)
@posted_from("form")
def remove_question(request, question_id):
    """POST .../form/questions/<id>/remove"""
    return _changed(
        request, lambda draft: draft.without(question_id), said="The question is removed."
    )


@takes_file
@workspace_member(role=Role.ADMIN)
@posted_from("form")
def publish(request):
    """POST .../form/publish: keeps the draft, and lets strangers see it."""
    answer = _changed(request, lambda draft: draft)
    if answer.status_code != 302:
        return answer
    try:
        number = versions.publish(request.workspace, by=request.user)
    except versions.NotComplete as error:
        messages.error(request, f"The draft is saved, and not published yet. {error}")
    else:
        logos.forget_unused(request.workspace)
        messages.success(request, f"Version {number} is published.")
    return answer


@workspace_member(role=Role.ADMIN)
@posted_from("form")
def unpublish(request):
    """POST .../form/unpublish"""
    versions.unpublish(request.workspace, by=request.user)
    messages.success(request, "The form is offline. Whoever opens it reads that it is closed.")
    return redirect("form", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@require_safe
def show_logo(request, digest):
    """GET .../form/logo/<digest>: also of a draft that nobody else sees."""
    return picture(request.workspace, digest) or faults.not_found(request)


def _changed(
    request,
    change: Callable[[Definition], Definition],
    *,
    said: str = "",
    to_last: bool = False,
    **focused: str,
):
    """Keep what was sent of the draft, with a change of it, and lead back to it.

    What is not right is shown again, and nothing is kept. to_last: whether to go to the last
    question. focused: of which question which button is to have the focus.
    """
    workspace = request.workspace
    draft = drafts.of(workspace)
    form = DraftForm(draft.definition, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, draft.revision)
    try:
        definition = change(_with_logo(request, form))
        drafts.change(workspace, definition, seen=_revision(request))
    except logos.BadLogo as error:
        form.looks.add_error("logo", str(error))
        return _page(request, form, draft.revision)
    except drafts.ChangedMeanwhile:
        form.looks.add_error(None, MEANWHILE)
        return _page(request, form, drafts.of(workspace).revision)
    if said:
        messages.success(request, said)
    last = definition.questions[-1].id if to_last and definition.questions else ""
    return redirect(_address(workspace, last, focused))


def _with_logo(request, form: DraftForm) -> Definition:
    """Return what was sent, with the logo that came along. Raises logos.BadLogo."""
    file = form.looks.cleaned_data["logo"]
    if not file:
        return form.definition
    return replace(form.definition, logo=logos.keep(request.workspace, file.read()))


def _revision(request) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def _address(workspace: Workspace, question_id: str, focused: dict[str, str]) -> str:
    """Return where to go on: to a question, or to a button; beside a # nothing gets the focus."""
    address = reverse("form", args=[workspace.slug])
    if question_id:
        return f"{address}#{question_id}"
    return f"{address}?{urlencode(focused)}" if focused else address


def _page(request, form: DraftForm, revision: int):
    workspace = request.workspace
    context = {
        "draft": form,
        "revision": revision,
        "most_questions": definitions.MOST_QUESTIONS,
        "has_room": len(form.questions) < definitions.MOST_QUESTIONS,
        "moved": request.GET.get("moved", ""),
        "way": request.GET.get("way", ""),
        "sites": workspace.form_sites.split(",") if workspace.form_sites else [],
        "sites_address": sections.address(workspace, "form"),
        **_state(workspace, Draft(form.draft, revision)),
    }
    response = render(request, "leads/form/builder.html", context)
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # django-csp's
    return response


def _state(workspace: Workspace, draft: Draft) -> dict:
    """Return what is said of the form as strangers see it, and of its addresses."""
    newest = versions.latest(workspace)
    as_published = versions.with_texts(workspace, draft.definition)
    address = settings.PUBLIC_BASE_URL + reverse("hosted_form", args=[workspace.slug])
    return {
        "published": newest if workspace.form_published else None,
        "is_changed": newest is not None and newest.definition != as_published,
        "address": address,
        "example": _example(draft.definition),
        "shades": colours.shades_of(draft.definition.accent),
    }


def _example(definition: Definition) -> str:
    """Return answers as JSON that a site may send to the API, "" where nothing is asked."""
    answers = definitions.example(definition.questions)
    return json.dumps(answers, indent=2, ensure_ascii=False) if answers else ""
