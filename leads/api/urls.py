"""The public endpoints. A trailing slash is accepted and changes nothing."""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.listing import ERASE_LEAD, LIST_LEADS
from leads.api.description.operations import HEAR_LEAD, READ_LEAD, SUBMIT_LEAD
from leads.api.views import LeadViewSet

urlpatterns = [
    re_path(
        r"^leads/?$",
        LeadViewSet.as_view(
            {"post": "create", "get": "list"},
            schema=Described(post=SUBMIT_LEAD, get=LIST_LEADS),
        ),
        name="public_leads",
    ),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/?$",
        LeadViewSet.as_view(
            {"get": "retrieve", "delete": "destroy"},
            schema=Described(get=READ_LEAD, delete=ERASE_LEAD),
        ),
        name="public_lead",
    ),
    re_path(
        r"^leads/(?P<lead_id>[^/]+)/recording/?$",
        LeadViewSet.as_view({"get": "recording"}, schema=Described(HEAR_LEAD)),
        name="public_recording",
    ),
]
