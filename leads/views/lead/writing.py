"""Writing to a lead: the composer of its page."""

from django.shortcuts import redirect
from django.urls import reverse

from coachbot.db import clock
from coachbot.http.pages.form_pages import posted_from
from leads.messages.templates import Which
from leads.operators import writing
from leads.operators.activities import CannotChange
from leads.views.lead.page import find_lead, lead_page
from leads.views.lead.work_forms import TemplateForm, WriteForm
from workspaces.access import workspace_member


@workspace_member()
@posted_from("lead")
def write(request, lead_id):
    """POST .../leads/<id>/write: in the member's own words."""
    lead, form = find_lead(request, lead_id), WriteForm(request.POST)
    if form.is_valid():
        return _written(request, lead, form, text=form.cleaned_data["text"])
    return lead_page(request, lead, write=form)


@workspace_member()
@posted_from("lead")
def write_template(request, lead_id):
    """POST .../leads/<id>/write-template: by an approved template, `which`."""
    lead = find_lead(request, lead_id)
    form = TemplateForm(request.POST)
    if form.is_valid():
        return _written(request, lead, form, which=Which(form.cleaned_data["which"]))
    return lead_page(request, lead, write_template=form)


def _written(request, lead, form: WriteForm | TemplateForm, **message):
    """Write it, and lead back to where it stands; where that cannot be, say why, with the text."""
    try:
        writing.write_to_lead(lead=lead, by=request.membership, now=clock.now(), **message)
    except CannotChange as error:
        form.add_error(None, f"Nothing was sent. {error}")
        return lead_page(request, lead, **{form.name: form})
    page = reverse("lead", args=[request.workspace.slug, lead.pk])
    return redirect(f"{page}#write")
