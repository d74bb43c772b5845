"""What members do with many leads at once: a page that asks, then the deed."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from coachbot.http.pages.form_pages import posted_from
from leads.models import ClosedAs
from leads.operators.bulk import calling, erasing, undoing, working
from leads.operators.bulk.batches import Done
from leads.reading.lists import NOBODY
from leads.views.lead.work_forms import AssignForm, CloseForm
from leads.views.listed import selection
from leads.views.listed.filters import list_query
from leads.views.listed.selection import Selection
from workspaces.access import workspace_member
from workspaces.models import Role

asks_first = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Deed:
    """What can be done with leads. said: what is told of it, after their number.

    most: so many at once, within the time of a request. form: makes the fields of the question.
    """

    template: str
    most: int
    do: Callable[..., Done]
    said: Callable[[forms.Form], str]
    form: Callable[..., forms.Form] = lambda request, data: forms.Form(data)


def _assign_form(request, data) -> forms.Form:
    memberships = request.workspace.memberships.select_related("user").order_by("user__email")
    me = request.membership
    return AssignForm(data, memberships=list(memberships), me=me, initial={"owner": me.pk})


def _owner_said(form) -> str:
    return f"that of {form.member.user}" if form.member else "nobody’s"


CALL = Deed(
    "leads/bulk/call.html",
    5_000,
    lambda form, **chosen: calling.call(**chosen),
    lambda form: "to be called: within the hours, the calls of the day and the lines",
)
ASSIGN = Deed(
    "leads/bulk/assign.html",
    5_000,
    lambda form, **chosen: working.assign(**chosen, to=form.member),
    lambda form: f"{_owner_said(form)} now",
    _assign_form,
)
CLOSE = Deed(
    "leads/bulk/close.html",
    5_000,
    lambda form, **chosen: working.close(
        **chosen,
        closed_as=ClosedAs(form.cleaned_data["closed_as"]),
        reason=form.cleaned_data["reason"],
    ),
    lambda form: f"closed: {ClosedAs(form.cleaned_data['closed_as']).label.lower()}",
    lambda request, data: CloseForm(data),
)
DELETE = Deed(
    "leads/bulk/delete.html",
    1_000,
    lambda form, **chosen: erasing.delete(**chosen),
    lambda form: "deleted",
)


@workspace_member()
@asks_first
def call_leads(request):
    """GET .../leads/call?lead=<id>&...|all=1&<filters> says what it will do; POST does it."""
    return _ask_or_do(request, CALL)


@workspace_member()
@asks_first
def assign_leads(request):
    """GET and POST .../leads/assign, likewise."""
    return _ask_or_do(request, ASSIGN)


@workspace_member()
@asks_first
def close_leads(request):
    """GET and POST .../leads/close, likewise."""
    return _ask_or_do(request, CLOSE)


@workspace_member(role=Role.ADMIN)
@asks_first
def delete_leads(request):
    """GET and POST .../leads/delete, likewise."""
    return _ask_or_do(request, DELETE)


@workspace_member()
@posted_from("leads")
def undo(request, deed_id):
    """POST .../leads/undo/<deed>?<query of the list>"""
    deed = undoing.find(request.workspace, deed_id, request.membership)
    try:
        if deed is None:
            raise undoing.CannotUndo
        done = undoing.undo(deed=deed, by=request.membership)
    except undoing.CannotUndo:
        messages.warning(request, "That cannot be undone any more.")
    else:
        messages.success(request, f"{_leads(done.number)} as before.")
        _say_skipped(request, done)
    return _to_list(request, list_query(request.GET).urlencode())


def _ask_or_do(request, deed: Deed):
    chosen = selection.read(request, most=deed.most)
    form = deed.form(request, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid() or _are_others(request, chosen):
        return _ask(request, deed, chosen, form)
    if not chosen.number:
        messages.warning(request, "No lead was selected, so nothing was done.")
        return _to_list(request, chosen.query)
    done = deed.do(
        form, workspace=request.workspace, lead_ids=chosen.lead_ids, by=request.membership
    )
    _tell(request, deed, form, done)
    return _to_list(request, chosen.query, done)


def _are_others(request, chosen: Selection) -> bool:
    """Tell whether more leads match by now than were confirmed."""
    confirmed = request.POST.get("number", "")
    return chosen.is_all and (not confirmed.isdecimal() or chosen.number > int(confirmed[:9]))


def _ask(request, deed: Deed, chosen: Selection, form: forms.Form):
    named = selection.named(request, chosen)
    context = {
        "chosen": chosen,
        "named": named,
        "unnamed": chosen.number - len(named),
        "form": form,
        "ends": ClosedAs.choices,
        "nobody": NOBODY,
    }
    return render(request, deed.template, context)


def _tell(request, deed: Deed, form: forms.Form, done: Done) -> None:
    if done.number:
        said = f"{_leads(done.number)} {deed.said(form)}."
        if deed is DELETE:
            number = "Its phone number" if done.number == 1 else "Their phone numbers"
            said = f"{said} {number} can come in again."
        messages.success(request, said)
    _say_skipped(request, done)


def _say_skipped(request, done: Done) -> None:
    told = [f"{count:,} {why.label}" for why, count in done.skipped.items() if count]
    if told:
        left = sum(done.skipped.values())
        stays = "1 lead stays" if left == 1 else f"{left:,} leads stay"
        messages.warning(request, f"{stays} as before: {'; '.join(told)}.")


def _leads(number: int) -> str:
    return "1 lead is" if number == 1 else f"{number:,} leads are"


def _to_list(request, query: str, done: Done | None = None):
    undo = f"&done={done.undo}" if done and done.undo else ""
    return redirect(f"{reverse('leads', args=[request.workspace.slug])}?{query}{undo}")
