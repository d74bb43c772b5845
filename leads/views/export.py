"""Leads as CSV: /admin/<slug>/leads/export."""

import csv
import itertools

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.reading import export
from leads.views.filters import LeadFilter
from leads.views.leads import filtered
from workspaces.access import workspace_member
from workspaces.log import record
from workspaces.log.actions import Action


class Echo:
    """A file that hands on what is written to it."""

    def write(self, text):
        return text


@workspace_member()
@require_safe
def export_leads(request):
    """GET .../leads/export?<filters of the list>: everything that is filtered, streamed."""
    filters = LeadFilter(request.GET)
    writer = csv.writer(Echo())
    rows = export.rows(filtered(request, filters))
    name = f"leads-{request.workspace.slug}-{timezone.localdate()}.csv"
    record.action(
        workspace_id=request.workspace.pk,
        actor=request.user,
        action=Action.EXPORT_LEADS,
        filters=request.GET.dict(),
    )
    return StreamingHttpResponse(
        itertools.chain([export.BYTE_ORDER_MARK], map(writer.writerow, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
