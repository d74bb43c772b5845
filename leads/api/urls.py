"""The public endpoints. A trailing slash is accepted and changes nothing."""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.operations import HEAR_LEAD, READ_LEAD, SUBMIT_LEAD
from leads.api.views import LeadViewSet

urlpatterns = [
    re_path(
        r"^leads/?$",
        LeadViewSet.as_view({"post": "create"}, schema=Described(SUBMIT_LEAD)),
        name="public_leads",
    ),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/?$",
        LeadViewSet.as_view({"get": "retrieve"}, schema=Described(READ_LEAD)),
        name="public_lead",
    ),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/recording/?$",
        LeadViewSet.as_view({"get": "recording"}, schema=Described(HEAR_LEAD)),
        name="public_recording",
    ),
]
