"""The whole map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/public/", include("leads.api.urls")),
    path("api/vapi/", include("leads.api.vapi_urls")),
    path("admin/", admin.site.urls),
]
