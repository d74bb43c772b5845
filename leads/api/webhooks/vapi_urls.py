"""Where Vapi reports to and asks for things to be done. A trailing slash changes nothing."""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.vapi import VAPI_EVENTS, VAPI_TOOL
from leads.api.webhooks.vapi import VapiView

urlpatterns = [
    re_path(
        r"^(?P<slug>[^/]+)/events/?$",
        VapiView.as_view(schema=Described(VAPI_EVENTS)),
        name="vapi_events",
    ),
    re_path(
        r"^(?P<slug>[^/]+)/tools/(?P<tool>[^/]+)/?$",
        VapiView.as_view(schema=Described(VAPI_TOOL)),
        name="vapi_tool",
    ),
]
