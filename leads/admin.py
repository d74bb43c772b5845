"""Pages of platform staff: leads and calls, to read."""

from django.contrib import admin

from leads.models import Call, Lead
from workspaces.admin import ReadOnlyAdmin


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = ["id", "workspace", "status", "channel", "created_at"]
    list_select_related = ["workspace"]
    list_filter = ["status"]
    search_fields = ["id"]
    ordering = ["-created_at"]


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ["id", "workspace", "status", "ended_reason", "created_at"]
    list_select_related = ["workspace"]
    list_filter = ["status"]
    ordering = ["-created_at"]
