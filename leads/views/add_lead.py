"""Entering a lead by hand: /admin/<slug>/leads/add."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from coachbot.http.addresses import client_address
from coachbot.providers.vapi.errors import CAUSES
from leads import by_hand
from leads.calls.placing import concurrency
from leads.calls.placing.errors import CallFailed, CallNotConfirmed, CallUnconfirmed
from leads.intake import submit, twins
from leads.reading import strangers
from leads.views.lead.page_forms import LeadForm
from workspaces.access import workspace_member
from workspaces.models import Workspace


@workspace_member()
@require_http_methods(["GET", "HEAD", "POST"])
def add_lead(request):
    """GET .../leads/add[?message=<id>]; POST answers when Vapi has, within 15 seconds.

    message: of somebody who wrote and is no lead, whose name and number are filled in.
    """
    form = LeadForm(request.POST or None, workspace=request.workspace, **_sender(request))
    if not form.is_valid():
        return _page(request, form)
    try:
        receipt = by_hand.add_lead(
            workspace=request.workspace, submission=form.submission, by=member(request)
        )
    except twins.DuplicatePhone as error:
        return _page(request, form, twin=request.workspace.leads.filter(pk=error.lead_id).first())
    except (CallNotConfirmed, concurrency.TooManyCalls) as error:
        form.add_error(None, in_words(error))
        return _page(request, form, is_kept=isinstance(error, CallFailed))
    name = request.workspace.leads.get(pk=receipt.lead_id).plain_name
    messages.success(request, f"{name} is {_contacted(request.workspace, receipt)}.")
    return redirect("lead", slug=request.workspace.slug, lead_id=receipt.lead_id)


def _sender(request) -> dict[str, str]:
    """Return the name and the number of the sender of a message, as far as they are known."""
    try:
        message = strangers.find(request.workspace, uuid.UUID(request.GET.get("message", "")))
    except (ValueError, strangers.NoStranger):
        return {}
    return {"name": message.sender_name, "phone": strangers.phone_of(message)}


def _contacted(workspace: Workspace, receipt: submit.Receipt) -> str:
    if receipt.held_because:
        return "saved"
    return "being called" if workspace.is_voice else "being written to"


def _page(request, form: LeadForm, **context):
    return render(request, "leads/add_lead.html", {"form": form, **context})


def member(request) -> by_hand.Member:
    """Return who enters a lead, and with which request."""
    return by_hand.Member(request.membership, client_address(request), request.request_id)


def in_words(error: Exception) -> str:
    """Return why a call was not placed, and what to do about it."""
    match error:
        case CallUnconfirmed():
            return f"It is not known yet whether the call was placed. {error}"
        case CallFailed():
            cause = CAUSES.explain(error.code)
            why = f"{cause.title}. {cause.fix}" if cause.is_known else str(error)
            return f"Nobody was called. {why}"
    return f"{error} Try again in a moment."
