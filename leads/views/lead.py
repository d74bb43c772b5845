"""One lead: /admin/<slug>/leads/<id>, and what can be done with it."""

import json

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.form_pages import posted_from
from leads import operators
from leads.calls import place
from leads.contact import gate
from leads.reading.timeline import timeline
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
    lead = _lead(request, lead_id)
    calls = list(lead.calls.order_by("-created_at"))
    context = {
        "lead": lead,
        "held": gate.sentence(lead, lead.held_because) if lead.held_because else "",
        "calls": calls,
        "timeline": timeline(lead, calls),
        "offers_call": operators.offers_call(lead, calls[0] if calls else None),
        "metadata": [(name, _text(value)) for name, value in lead.metadata.items()],
        "answers": lead.answers,
        "learnt": [(LABELS.get(name, name), text) for name, text in lead.profile.items()],
    }
    return render(request, "leads/lead.html", context)


def _text(value) -> str:
    """Return a value of the caller's own JSON as text: strings as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@workspace_member()
@posted_from("lead")
def take_over(request, lead_id):
    """POST .../leads/<id>/take-over"""
    lead = _lead(request, lead_id)
    operators.take_over(lead=lead, by=request.user)
    messages.success(request, f"{lead.plain_name} is yours. The status is “needs a human” now.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


@workspace_member()
@posted_from("lead")
def hand_back(request, lead_id):
    """POST .../leads/<id>/hand-back"""
    lead = _lead(request, lead_id)
    operators.hand_back(lead=lead, by=request.user)
    messages.success(request, f"{lead.plain_name} is handed back to the agent.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


@workspace_member()
@posted_from("lead")
def call_again(request, lead_id):
    """POST .../leads/<id>/call-again: answers when Vapi has, within 15 seconds."""
    lead = _lead(request, lead_id)
    try:
        operators.call_again(lead=lead, by=request.user, request_id=request.request_id)
    except (operators.CannotCall, place.CallNotConfirmed) as error:
        messages.error(request, f"{lead.plain_name} was not called. {error}")
    else:
        messages.success(request, f"{lead.plain_name} is being called.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


def _lead(request, lead_id):
    leads = request.workspace.leads.accepted().select_related("workspace")
    return get_object_or_404(leads, pk=lead_id)
