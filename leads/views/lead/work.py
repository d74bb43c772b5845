"""What members do with a lead: buttons and forms of its page, and of the queue.

A form that is filled in wrongly shows the lead's page again, with what was typed.
"""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from coachbot.http.pages.form_pages import posted_from
from leads.contact.planned import callbacks
from leads.models import ClosedAs
from leads.operators import closing, following, handing, planning
from leads.operators.activities import CannotChange
from leads.reading.lead import upcoming
from leads.reading.waiting import Whose
from leads.views.lead.page import find_lead, lead_page
from leads.views.lead.place import back_to
from leads.views.lead.work_forms import CloseForm, NextStepForm, NoteForm
from leads.views.lead.work_panel import assign_form, call_back_form
from workspaces.access import workspace_member


@workspace_member()
@posted_from("lead")
def take_over(request, lead_id):
    """POST .../leads/<id>/take-over"""
    lead = find_lead(request, lead_id)
    deed = partial(handing.take_over, seen_owner=request.POST.get("seen_owner"))
    said = f"{lead.plain_name} is yours. The status is “needs a human” now."
    return _done(request, lead, deed, said)


@workspace_member()
@posted_from("lead")
def hand_back(request, lead_id):
    """POST .../leads/<id>/hand-back"""
    lead = find_lead(request, lead_id)
    said = f"{lead.plain_name} is handed back to the agent."
    return _done(request, lead, handing.hand_back, said)


@workspace_member()
@posted_from("lead")
def assign(request, lead_id):
    """POST .../leads/<id>/assign"""
    lead = find_lead(request, lead_id)
    form = assign_form(lead, request.membership, request.POST)
    if not form.is_valid():
        return lead_page(request, lead, assign=form)
    whose = f"that of {form.member.user}" if form.member else "nobody's"
    deed = partial(handing.assign, to=form.member)
    return _done(request, lead, deed, f"{lead.plain_name} is {whose} now.")


@workspace_member()
@posted_from("lead")
def close(request, lead_id):
    """POST .../leads/<id>/close"""
    lead, form = find_lead(request, lead_id), CloseForm(request.POST)
    if not form.is_valid():
        return lead_page(request, lead, close=form)
    closed_as = ClosedAs(form.cleaned_data["closed_as"])
    deed = partial(closing.close, closed_as=closed_as, reason=form.cleaned_data["reason"])
    return _done(request, lead, deed, f"{lead.plain_name} is closed: {closed_as.label.lower()}.")


@workspace_member()
@posted_from("lead")
def reopen(request, lead_id):
    """POST .../leads/<id>/reopen"""
    lead = find_lead(request, lead_id)
    return _done(request, lead, closing.reopen, f"{lead.plain_name} is open again.")


@workspace_member()
@posted_from("lead")
def add_note(request, lead_id):
    """POST .../leads/<id>/notes"""
    lead, form = find_lead(request, lead_id), NoteForm(request.POST)
    if not form.is_valid():
        return lead_page(request, lead, note=form)
    deed = partial(planning.add_note, text=form.cleaned_data["text"])
    return _done(request, lead, deed, "The note is kept.")


@workspace_member()
@posted_from("lead")
def set_next_step(request, lead_id):
    """POST .../leads/<id>/next-step"""
    lead, form = find_lead(request, lead_id), NextStepForm(request.POST)
    if not form.is_valid():
        return lead_page(request, lead, step=form)
    deed = partial(planning.set_next_step, **form.cleaned_data)
    return _done(request, lead, deed, "The next step is kept.")


@workspace_member()
@posted_from("lead")
def end_next_step(request, lead_id):
    """POST .../leads/<id>/next-step/done"""
    lead = find_lead(request, lead_id)
    return _done(request, lead, planning.end_next_step, "The next step is done.")


@workspace_member()
@posted_from("lead")
def stop_follow_up(request, lead_id):
    """POST .../leads/<id>/stop-follow-up"""
    lead = find_lead(request, lead_id)
    what = "call" if lead.workspace.is_voice else "message"
    return _done(request, lead, following.stop, f"No further {what} is planned.")


@workspace_member()
@posted_from("lead")
def skip_attempt(request, lead_id):
    """POST .../leads/<id>/skip-attempt"""
    lead = find_lead(request, lead_id)
    deed = partial(following.skip, seen_due=request.POST.get("seen_due"))
    return _done(request, lead, deed, "The attempt is skipped.")


@workspace_member()
@posted_from("lead")
def call_back(request, lead_id):
    """POST .../leads/<id>/call-back"""
    lead = find_lead(request, lead_id)
    form = call_back_form(lead, request.POST)
    if not form.is_valid():
        return lead_page(request, lead, call_back=form)
    said = f"{lead.plain_name} is called {upcoming.in_lead_time(lead, form.cleaned_data['at'])}."
    try:
        return _done(request, lead, partial(following.call_back, **form.cleaned_data), said)
    except callbacks.NotPossible as error:
        form.add_error("at", _refused(lead, error))
        return lead_page(request, lead, call_back=form)


def _refused(lead, error: callbacks.NotPossible) -> str:
    if error.offered is None:
        return str(error)
    return f"{error} The next possible time is {upcoming.in_lead_time(lead, error.offered)}."


def _done(request, lead, deed: Callable[..., None], said: str):
    """Do it, tell how it went, and lead back to where the button was."""
    try:
        deed(lead=lead, by=request.membership)
    except CannotChange as error:
        messages.error(request, f"{lead.plain_name} was not changed. {error}")
    else:
        messages.success(request, said)
    whose = request.POST.get("whose", "")
    if whose in Whose.values:
        return redirect(f"{reverse('waiting', args=[request.workspace.slug])}?whose={whose}")
    return back_to(request, lead)
