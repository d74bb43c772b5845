"""Leads that wait for a person: /admin/<slug>/waiting."""

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.models import ClosedAs
from leads.reading import waiting
from leads.reading.waiting import Whose
from workspaces.access import workspace_member

# More members than this would make each row long; the page of a lead has them all.
MOST_MEMBERS = 8


class WhoseForm(forms.Form):
    """Which part of the queue is looked at."""

    whose = forms.ChoiceField(choices=Whose.choices)


@workspace_member()
@require_safe
def show_waiting(request):
    """GET .../waiting[?whose=mine|nobody|all]: who has waited the longest comes first."""
    counts, form = waiting.count(request.membership), WhoseForm(request.GET)
    whose = Whose(form.cleaned_data["whose"]) if form.is_valid() else counts.first_filled
    leads = waiting.queue(request.membership, whose)
    others = request.workspace.memberships.exclude(pk=request.membership.pk)
    context = {
        "waiting_counts": counts,
        "parts": [(part, counts.of(part), part == whose) for part in Whose],
        "whose": whose,
        "leads": leads,
        "more": counts.of(whose) - len(leads),
        "members": others.select_related("user").order_by("user__email")[:MOST_MEMBERS],
        "ends": ClosedAs.choices,
    }
    return render(request, "leads/waiting.html", context)
