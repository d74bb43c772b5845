"""People whose first call was refused: /admin/<slug>/refused, and taking them in after all."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.paging import paginate
from leads.calls.placing import concurrency
from leads.calls.placing.errors import CallNotConfirmed
from leads.intake import refused, twins
from leads.operators import deleting
from workspaces.access import workspace_member
from workspaces.models import Role


@workspace_member()
@require_safe
def list_refused(request):
    """GET .../refused: newest first, a page at a time."""
    context = {
        **paginate(request, refused.waiting(request.workspace)),
        "offers_all": refused.waiting_for_account(request.workspace).exists(),
    }
    return render(request, "leads/refused/list.html", context)


@workspace_member()
@posted_from("refused")
def take_in(request, refused_id):
    """POST .../refused/<id>/take-in: answers when Vapi has, within 15 seconds."""
    try:
        person = refused.find(request.workspace, refused_id)
        receipt = refused.take_in(refused=person, by=request.user, request_id=request.request_id)
    except refused.NotWaiting as error:
        messages.info(request, str(error))
    except twins.DuplicatePhone as error:
        messages.info(request, f"{person.plain_name} is taken in already.")
        return redirect("lead", slug=request.workspace.slug, lead_id=error.lead_id)
    except (CallNotConfirmed, concurrency.TooManyCalls) as error:
        messages.error(request, f"{person.plain_name} was not called. {error}")
    else:
        what = "is being called" if receipt.call_id else "is not called yet"
        messages.success(request, f"{person.plain_name} is taken in and {what}.")
        return redirect("lead", slug=request.workspace.slug, lead_id=receipt.lead_id)
    return _to_list(request)


@workspace_member()
@require_http_methods(["GET", "HEAD", "POST"])
def take_in_all(request):
    """GET .../refused/take-in says whom it will call; POST does it, within 15 seconds."""
    if request.method != "POST":
        count = refused.waiting_for_account(request.workspace).count()
        context = {"count": count, "most": refused.MOST_AT_ONCE}
        return render(request, "leads/refused/take_in_all.html", context)
    done = refused.take_in_all(
        workspace=request.workspace, by=request.user, request_id=request.request_id
    )
    _tell(request, done)
    return _to_list(request)


def _tell(request, done: refused.Round) -> None:
    told = {
        "taken in and being called": done.called,
        "taken in and not called yet: the page of a lead says why": done.held,
        "taken in already": done.known,
    }
    for words, number in told.items():
        people = "person is" if number == 1 else "people are"
        if number:
            messages.success(request, f"{number} {people} {words}.")
    if done.stopped_by:
        messages.error(request, f"No more were called. {done.stopped_by}")
    elif left := refused.waiting_for_account(request.workspace).count():
        messages.info(request, f"{left} more wait. Take them in, too.")


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, refused_id):
    """GET .../refused/<id>/remove says what it will do; POST does it."""
    try:
        person = refused.find(request.workspace, refused_id)
    except refused.NotWaiting as error:
        messages.info(request, str(error))
        return _to_list(request)
    if request.method != "POST":
        return render(request, "leads/refused/remove.html", {"person": person})
    deleting.remove_refused(refused=person, by=request.user)
    messages.success(request, f"{person.plain_name} is removed.")
    return _to_list(request)


def _to_list(request):
    return redirect("refused", slug=request.workspace.slug)
