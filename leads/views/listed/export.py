"""Leads as CSV: /admin/<slug>/leads/export."""

import csv
import itertools

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from coachbot.http.pages import faults
from coachbot.http.streams import Streams, TooManyStreams
from leads.reading import export, export_for_people
from leads.views.listed.filters import LeadFilter
from leads.views.listed.leads import filtered
from leads.views.listed.selection import ticked
from workspaces.access import workspace_member
from workspaces.log import record
from workspaces.log.actions import Action

# A reader that is slower goes on where it was cut off.
LONGEST_SECONDS = 15 * 60
RETRY_AFTER = "30"
FOR_PEOPLE = "people"

_exports = Streams(settings.EXPORTS_AT_ONCE, LONGEST_SECONDS)


class Continuation(forms.Form):
    """Where an export goes on that broke off."""

    after = forms.UUIDField(required=False)


class Echo:
    """A file that hands on what is written to it."""

    def write(self, text):
        return text


@workspace_member()
@require_safe
def export_leads(request):
    """GET .../leads/export?<filters of the list>[&layout=people][&after=<lead>]: what is filtered,
    streamed.

    layout: words and local times; without it codes and UTC, for programs. after: the last lead of
    a file that broke off; those that follow it are sent.
    """
    filters = LeadFilter(request.GET, membership=request.membership)
    leads = ticked(request) if _is_of_ticked(request) else filtered(request, filters)
    continuation = Continuation(request.GET)
    try:
        after = _last_lead(request, continuation)
        answer = csv_of(request, export.rows(leads, after=after, layout=_layout(request)), "leads")
    except export.NoSuchLead:
        messages.error(
            request,
            "The export cannot go on there: no lead has this id. It is the first thing in each "
            "line; take it from the line before.",
        )
        return redirect("leads", slug=request.workspace.slug)
    except TooManyStreams:
        return come_again()
    _write_log_row(request, filters, after)
    return answer


def _layout(request) -> export.Layout:
    """Return the columns that were asked for. The zone is that of now: rows are made later."""
    if request.GET.get("layout") != FOR_PEOPLE:
        return export.for_machines(request.workspace)
    return export_for_people.layout(request.workspace, timezone.get_current_timezone())


def _is_of_ticked(request) -> bool:
    """Tell whether the bar of the list asks for the leads that were ticked there."""
    return "lead" in request.GET and "all" not in request.GET


def _last_lead(request, continuation: Continuation):
    if not continuation.is_valid():
        raise export.NoSuchLead
    lead_id = continuation.cleaned_data["after"]
    return export.last_lead(request.workspace, lead_id) if lead_id else None


def csv_of(request, rows, name: str):
    """Return an answer that sends rows as they are read. Raises TooManyStreams.

    name: what the file begins with.
    """
    return _response(request, _exports.open(request.workspace.pk, _lines(rows)), name)


def _lines(rows):
    writer = csv.writer(Echo())
    return itertools.chain([export.BYTE_ORDER_MARK], map(writer.writerow, rows))


def _write_log_row(request, filters: LeadFilter, after) -> None:
    """Tell who took what. The text that was searched is a person's name or phone: it stays out."""
    told = filters.cleaned_data if filters.is_valid() else {}
    record.action(
        workspace_id=request.workspace.pk,
        actor=request.user,
        action=Action.EXPORT_LEADS,
        filters={name: str(told[name]) for name in export.TOLD_FILTERS if told.get(name)},
        is_search=bool(told.get("text")),
        is_continued=after is not None,
    )


def _response(request, stream, name: str):
    file_name = f"{name}-{request.workspace.slug}-{timezone.localdate()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    content_type = "text/csv; charset=utf-8"
    if request.method == "HEAD":
        stream.close()
        return HttpResponse(content_type=content_type, headers=headers)
    return StreamingHttpResponse(stream, content_type=content_type, headers=headers)


def come_again():
    """Return the page of an export that has to wait for others."""
    return faults.page(
        503,
        "Too many exports at once",
        "This server is sending as many exports as it may at once. Nothing is wrong with yours: "
        "try again shortly.",
        retry_after=RETRY_AFTER,
    )
