"""Keys, log and settings, below /admin/<slug>/."""

from django.urls import path

from workspaces.views import api_keys, connections, logs, members, settings

urlpatterns = [
    path("logs", logs.logs, name="logs"),
    path("logs/new", logs.new_rows, name="new_log_rows"),
    path("logs/<int:entry_id>", logs.log_entry, name="log_entry"),
    path("api-keys", api_keys.list_keys, name="api_keys"),
    path("api-keys/create", api_keys.create_key, name="create_api_key"),
    path("api-keys/<slug:prefix>/revoke", api_keys.revoke_key, name="revoke_api_key"),
    path("api-keys/<slug:prefix>/replace", api_keys.replace_key, name="replace_api_key"),
    path("settings", settings.show_settings, name="settings"),
    path("settings/general", settings.rename, name="rename_workspace"),
    path("settings/pause", settings.pause, name="pause_agent"),
    path("settings/resume", settings.resume, name="resume_agent"),
    path("settings/limits", settings.set_limits, name="set_limits"),
    path("settings/vapi", settings.connect_vapi, name="connect_vapi"),
    path("settings/vapi/verify", settings.verify_vapi, name="verify_vapi"),
    path("settings/vapi/events", connections.show_vapi_setup, name="vapi_setup"),
    path("settings/vapi/events/renew", connections.renew_tool_secret, name="renew_tool_secret"),
    path("settings/calcom", connections.connect_calcom, name="connect_calcom"),
    path("settings/calcom/verify", connections.verify_calcom, name="verify_calcom"),
    path("settings/members/add", members.add_member, name="add_member"),
    path("settings/members/<int:membership_id>/role", members.change_role, name="change_role"),
    path(
        "settings/members/<int:membership_id>/remove", members.remove_member, name="remove_member"
    ),
    path("settings/delete", settings.delete_workspace, name="delete_workspace"),
]
