"""The public endpoints. A trailing slash is accepted and changes nothing."""

from django.urls import re_path

from leads.api.views import LeadViewSet

urlpatterns = [
    re_path(r"^leads/?$", LeadViewSet.as_view({"post": "create"}), name="public_leads"),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/?$",
        LeadViewSet.as_view({"get": "retrieve"}),
        name="public_lead",
    ),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/recording/?$",
        LeadViewSet.as_view({"get": "recording"}),
        name="public_recording",
    ),
]
