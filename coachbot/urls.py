"""The whole map."""

from django.contrib import admin
from django.urls import include, path

from coachbot import api_urls

handler403 = "coachbot.http.pages.faults.forbidden"
handler404 = "coachbot.http.pages.faults.not_found"
handler500 = "coachbot.http.pages.faults.server_error"
urlpatterns = [
    *api_urls.urlpatterns,
    path("", include("workspaces.account_urls")),
    path("", include("coachbot.docs.urls")),
    path("", include("leads.form_urls")),
    # Staff pages first: no workspace may have a slug that one of them begins with.
    path("admin/", admin.site.urls),
    path("admin/<slug:slug>/", include("leads.urls")),
    path("admin/<slug:slug>/", include("workspaces.urls")),
]
