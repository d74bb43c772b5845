"""Leads that waited and may be called again: /admin/<slug>/offered/<reason>."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.paging import paginate
from leads.contact.planned import offered
from leads.models import HeldBecause
from leads.operators import offering
from workspaces.access import workspace_member


@workspace_member()
@require_safe
def show_offered(request, because):
    """GET .../offered/<reason>: the leads, newest first, to choose from."""
    code = _reason(because)
    context = {
        **paginate(request, offered.leads(request.workspace, code)),
        "because": code.value,
        "waited": offered.WAITED[code],
    }
    return render(request, "leads/offered.html", context)


@workspace_member()
@posted_from("show_offered")
def call_offered(request, because):
    """POST .../offered/<reason>/call: all of them, or the `lead`s that were chosen."""
    code, chosen = _reason(because), _chosen(request)
    number = offering.call(
        workspace=request.workspace, because=code, by=request.user, lead_ids=chosen
    )
    if number:
        messages.success(
            request,
            f"{_leads(number)} called now, the newest first: within the hours, the calls of the "
            "day and the lines.",
        )
    else:
        _say_nobody(request, chosen)
    return _back(request, code, chosen)


@workspace_member()
@posted_from("show_offered")
def leave_offered(request, because):
    """POST .../offered/<reason>/leave: they are offered no more, and nobody is called."""
    code, chosen = _reason(because), _chosen(request)
    number = offering.leave(
        workspace=request.workspace, because=code, by=request.user, lead_ids=chosen
    )
    if number:
        messages.success(request, f"{_leads(number)} left alone. Nobody is called.")
    else:
        _say_nobody(request, chosen)
    return _back(request, code, chosen)


def _reason(because: str) -> HeldBecause:
    if because not in offered.WAITED:
        raise Http404("Leads do not wait for that.")
    return HeldBecause(because)


def _chosen(request) -> list[uuid.UUID] | None:
    """Return the leads that were ticked; None for the button of all of them."""
    if "all" in request.POST:
        return None
    try:
        return [uuid.UUID(text) for text in request.POST.getlist("lead")]
    except ValueError as error:
        raise Http404("That is not the id of a lead.") from error


def _leads(number: int) -> str:
    return "1 lead is" if number == 1 else f"{number} leads are"


def _say_nobody(request, chosen) -> None:
    said = "None of them waits any more." if chosen or chosen is None else "No lead was selected."
    messages.warning(request, said)


def _back(request, code: HeldBecause, chosen):
    if chosen is None:
        return redirect("waiting", slug=request.workspace.slug)
    return redirect("show_offered", slug=request.workspace.slug, because=code.value)
