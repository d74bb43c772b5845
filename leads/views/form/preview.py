"""What the draft will look like: within the builder, and for nobody but members."""

from typing import Any

from django.urls import reverse
from django.views.decorators.http import require_http_methods

from coachbot.db import clock
from leads.forms import drafts, thanks, versions
from leads.forms.chat_link import chat_link
from leads.forms.definition import Definition
from leads.forms.versions import Version
from leads.views.form.answers import AnswerForm, values_of
from leads.views.form.builder_forms import DraftForm
from leads.views.form.pages import framed_by, page
from workspaces.access import workspace_member
from workspaces.models import Role


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def preview_form(request):
    """GET .../form/preview shows the draft as it is kept; POST as it is typed, and keeps nothing.

    Its buttons lead from page to page, and send nothing.
    """
    draft = drafts.of(request.workspace).definition
    if request.method == "POST":
        typed = DraftForm(draft, request.POST)
        draft = typed.definition if typed.is_valid() else draft
    version = Version(0, versions.with_texts(request.workspace, draft), clock.now())
    return _page(request, version, draft)


def _page(request, version: Version, draft: Definition):
    workspace = request.workspace
    sent = request.GET
    step = int(sent["step"]) if sent.get("step", "").isdecimal() and len(sent["step"]) < 4 else 0
    go = sent.get("go", "")
    step += {"next": 1, "back": -1}.get(go, 0)
    names = list(AnswerForm(version=version, workspace=workspace).fields)
    form = AnswerForm(
        version=version, workspace=workspace, values=values_of(sent, names), step=step
    )
    logo = reverse("form_draft_logo", args=[workspace.slug, draft.logo]) if draft.logo else ""
    context: dict[str, Any] = {"logo": logo, "is_preview": True, "is_framed": False}
    if go == "send":
        now, language = thanks.now(workspace), version.definition.language
        context["sentence"] = thanks.sentence(workspace, now, language)
        context["chat"] = chat_link(workspace, now, language)
        return _own(page("forms/thanks.html", workspace, version, **context))
    address = reverse("preview_form", args=[workspace.slug])
    return _own(page("forms/form.html", workspace, version, form=form, address=address, **context))


def _own(response):
    """Let the builder's own page frame it, whichever sites may frame the form."""
    return framed_by(response, "'self'")
