"""Hearing a call: /admin/<slug>/leads/<id>/recording."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from leads.calls import recordings
from leads.snapshot import inquiry
from workspaces.access import workspace_member


@workspace_member()
@require_safe
def play_recording(request, lead_id):
    """GET .../leads/<id>/recording[?call=<id>]: a redirect to where it can be heard now.

    Without `call` it is the latest.
    """
    lead = get_object_or_404(request.workspace.leads.accepted(), pk=lead_id)
    try:
        return redirect(recordings.recording_link(_call(request, lead)))
    except recordings.NoRecording as error:
        raise Http404(str(error)) from error
    except recordings.RecordingUnavailable as error:
        text = f"The recording cannot be had right now. {error}"
        return HttpResponse(text, status=502, content_type="text/plain; charset=utf-8")


def _call(request, lead):
    if "call" not in request.GET:
        return inquiry.latest_call(lead)
    try:
        return lead.calls.filter(pk=uuid.UUID(request.GET["call"])).first()
    except ValueError as error:
        raise Http404("That is not the id of a call.") from error
