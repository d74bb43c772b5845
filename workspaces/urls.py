"""Keys and settings, below /admin/<slug>/."""

from django.urls import path, register_converter

from workspaces.connections.connection import Connection
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.views import (
    api_keys,
    connections,
    members,
    notices,
    settings,
    vapi_assistant,
    webhook_deliveries,
    webhooks,
)
from workspaces.views.sections import SECTIONS, Section


class ConnectionConverter:
    """The code of a provider in a path. Of an unknown one there is no such page."""

    regex = "|".join(CONNECTIONS)

    def to_python(self, code: str) -> Connection:
        return CONNECTIONS[code]

    def to_url(self, connection: Connection) -> str:
        return connection.code


class SettingsConverter:
    """The code of a section whose form has settings by their names."""

    regex = "|".join(code for code, section in SECTIONS.items() if section.form)

    def to_python(self, code: str) -> Section:
        return SECTIONS[code]

    def to_url(self, section: Section) -> str:
        return section.code


register_converter(ConnectionConverter, "connection")
register_converter(SettingsConverter, "settings")

urlpatterns = [
    path("api-keys", api_keys.list_keys, name="api_keys"),
    path("api-keys/create", api_keys.create_key, name="create_api_key"),
    path("api-keys/<slug:prefix>/revoke", api_keys.revoke_key, name="revoke_api_key"),
    path("api-keys/<slug:prefix>/replace", api_keys.replace_key, name="replace_api_key"),
    path("notices", notices.show_notices, name="notices"),
    path("notices/choose", notices.choose_notices, name="choose_notices"),
    path("notices/channel", notices.connect_channel, name="connect_channel"),
    path("notices/channel/test", notices.test_channel, name="test_channel"),
    path("notices/channel/disconnect", notices.disconnect_channel, name="disconnect_channel"),
    path("webhooks", webhooks.list_endpoints, name="webhooks"),
    path("webhooks/create", webhooks.create_endpoint, name="create_webhook"),
    path("webhooks/sent", webhook_deliveries.list_deliveries, name="webhook_deliveries"),
    path(
        "webhooks/sent/<int:delivery_id>", webhook_deliveries.show_delivery, name="webhook_delivery"
    ),
    path(
        "webhooks/sent/<int:delivery_id>/again",
        webhook_deliveries.send_again,
        name="send_event_again",
    ),
    path("webhooks/<int:endpoint_id>", webhooks.show_endpoint, name="webhook"),
    path("webhooks/<int:endpoint_id>/change", webhooks.change_endpoint, name="change_webhook"),
    path("webhooks/<int:endpoint_id>/test", webhooks.test_endpoint, name="test_webhook"),
    path("webhooks/<int:endpoint_id>/switch", webhooks.switch_endpoint, name="switch_webhook"),
    path("webhooks/<int:endpoint_id>/rotate", webhooks.rotate_secret, name="rotate_webhook"),
    path("webhooks/<int:endpoint_id>/delete", webhooks.delete_endpoint, name="delete_webhook"),
    path("webhooks/<int:endpoint_id>/send-since", webhooks.send_since, name="send_events_since"),
    path("settings", settings.general, name="settings"),
    path("settings/general", settings.general, name="rename_workspace"),
    path("settings/time-zone", settings.set_time_zone, name="set_time_zone"),
    path("settings/pause", settings.pause, name="pause_agent"),
    path("settings/resume", settings.resume, name="resume_agent"),
    path("settings/persona", settings.change_persona, name="change_persona"),
    path("settings/<settings:section>", settings.change, name="change_settings"),
    path("settings/vapi/events", connections.show_vapi_setup, name="vapi_setup"),
    path("settings/vapi/events/renew", connections.renew_tool_secret, name="renew_tool_secret"),
    path("settings/vapi/look", vapi_assistant.look, name="look_at_vapi"),
    path("settings/vapi/set-up", vapi_assistant.set_up_assistant, name="set_up_assistant"),
    path("settings/vapi/go-back", vapi_assistant.take_back_set_up, name="take_back_set_up"),
    path("settings/<connection:connection>", connections.connect, name="connect"),
    path("settings/<connection:connection>/verify", connections.verify, name="verify_connection"),
    path(
        "settings/<connection:connection>/disconnect",
        connections.disconnect,
        name="disconnect",
    ),
    path("settings/members", members.show_members, name="members"),
    path("settings/members/invite", members.invite_member, name="invite_member"),
    path(
        "settings/members/invitations/<int:invitation_id>/resend",
        members.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "settings/members/invitations/<int:invitation_id>/revoke",
        members.revoke_invitation,
        name="revoke_invitation",
    ),
    path("settings/members/<int:membership_id>/role", members.change_role, name="change_role"),
    path(
        "settings/members/<int:membership_id>/remove", members.remove_member, name="remove_member"
    ),
    path("settings/delete", settings.delete_workspace, name="delete_workspace"),
]
