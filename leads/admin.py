"""Pages of platform staff: leads, calls and the log, to read.

The log stands here, as its rows are also found by the phone of a lead.
"""

from django.contrib import admin
from django.urls import reverse

from leads.models import Call, Lead
from leads.reading import everywhere
from workspaces.admin import FoundRowsAdmin, dashboard_link
from workspaces.models import LogEntry


def _lead_link(workspace, lead_id):
    return dashboard_link(workspace, reverse("lead", args=[workspace.slug, lead_id]))


@admin.register(Lead)
class LeadAdmin(FoundRowsAdmin):
    list_display = ["id", "workspace", "status", "channel", "created_at", "dashboard"]
    list_filter = ["status"]
    search_help_text = (
        "A phone in any spelling, or an id. Of people who were never taken in, or were called in "
        "vain, Log entries may have rows: search the phone there."
    )

    def find(self, queryset, text):
        return everywhere.leads(queryset, text)

    @admin.display(description="Dashboard")
    def dashboard(self, lead):
        return _lead_link(lead.workspace, lead.pk)


@admin.register(Call)
class CallAdmin(FoundRowsAdmin):
    list_display = ["id", "workspace", "status", "ended_reason", "created_at", "dashboard"]
    list_filter = ["status"]
    search_help_text = "The lead's phone in any spelling, or an id: of the call, Vapi's, the lead's"

    def find(self, queryset, text):
        return everywhere.calls(queryset, text)

    @admin.display(description="Dashboard")
    def dashboard(self, call):
        return _lead_link(call.workspace, call.lead_id)


@admin.register(LogEntry)
class LogEntryAdmin(FoundRowsAdmin):
    list_display = [
        "created_at",
        "workspace",
        "kind",
        "action",
        "outcome",
        "status_code",
        "dashboard",
    ]
    list_filter = ["kind", "outcome"]
    search_help_text = "A request id, a lead's id, or a phone in any spelling"

    def find(self, queryset, text):
        return everywhere.log_rows(queryset, text)

    @admin.display(description="Dashboard")
    def dashboard(self, entry):
        page = reverse("log_entry", args=[entry.workspace.slug, entry.pk])
        return dashboard_link(entry.workspace, page)
