"""One lead: /admin/<slug>/leads/<id>, and what can be done with it."""

import json

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.form_pages import posted_from
from leads.calls import place
from leads.contact import gate
from leads.operators import calling
from leads.reading.timeline import timeline
from leads.views.work_panel import work_panel
from workspaces.access import workspace_member

# What the agent's tools call the parts of a profile, in words.
LABELS = {
    "goal": "Goal",
    "email": "E-mail",
    "budget": "Budget",
    "schedulePref": "Suitable times",
    "fitnessLevel": "Fitness",
    "notes": "Notes",
}


@workspace_member()
@require_safe
def show_lead(request, lead_id):
    """GET .../leads/<id>: everything about one lead."""
    return lead_page(request, find_lead(request, lead_id))


def lead_page(request, lead, **filled_in):
    """Return the page. filled_in: a form of the work on the lead that was not right, by its name.

    lead: of find_lead().
    """
    calls = list(lead.calls.order_by("-created_at"))
    context = {
        "lead": lead,
        "held": gate.sentence(lead, lead.held_because) if lead.held_because else "",
        "calls": calls,
        "timeline": timeline(lead, calls),
        "offers_call": calling.offers_call(lead, calls[0] if calls else None),
        "metadata": [(name, _text(value)) for name, value in lead.metadata.items()],
        "answers": lead.answers,
        "learnt": [(LABELS.get(name, name), text) for name, text in lead.profile.items()],
        "work": work_panel(lead, request.membership, **filled_in),
    }
    return render(request, "leads/lead.html", context)


def _text(value) -> str:
    """Return a value of the caller's own JSON as text: strings as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@workspace_member()
@posted_from("lead")
def call_again(request, lead_id):
    """POST .../leads/<id>/call-again: answers when Vapi has, within 15 seconds."""
    lead = find_lead(request, lead_id)
    try:
        calling.call_again(lead=lead, by=request.membership, request_id=request.request_id)
    except (calling.CannotCall, place.CallNotConfirmed) as error:
        messages.error(request, f"{lead.plain_name} was not called. {error}")
    else:
        messages.success(request, f"{lead.plain_name} is being called.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


def find_lead(request, lead_id):
    """Return a lead of the workspace, with its owner. Raises Http404."""
    leads = request.workspace.leads.accepted().select_related("workspace", "owner__user")
    return get_object_or_404(leads, pk=lead_id)
