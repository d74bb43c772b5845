"""The whole map."""

from django.contrib import admin
from django.urls import include, path

handler500 = "coachbot.outage.server_error"
urlpatterns = [
    # First, as each pattern that does not match costs the request that it is tried for.
    path("api/public/", include("leads.api.urls")),
    path("", include("workspaces.account_urls")),
    path("", include("coachbot.docs.urls")),
    path("api/vapi/", include("leads.api.vapi_urls")),
    path("api/", include("leads.api.schema_urls")),
    # Staff pages first: no workspace may have a slug that one of them begins with.
    path("admin/", admin.site.urls),
    path("admin/<slug:slug>/", include("leads.urls")),
    path("admin/<slug:slug>/", include("workspaces.urls")),
]
