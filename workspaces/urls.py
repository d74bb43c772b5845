"""Keys, log and settings, below /admin/<slug>/."""

from django.urls import path

from workspaces.views import api_keys, logs

urlpatterns = [
    path("logs", logs.logs, name="logs"),
    path("logs/new", logs.new_rows, name="new_log_rows"),
    path("logs/<int:entry_id>", logs.log_entry, name="log_entry"),
    path("api-keys", api_keys.list_keys, name="api_keys"),
    path("api-keys/create", api_keys.create_key, name="create_api_key"),
    path("api-keys/<slug:prefix>/revoke", api_keys.revoke_key, name="revoke_api_key"),
    path("api-keys/<slug:prefix>/replace", api_keys.replace_key, name="replace_api_key"),
]
