"""Where Twilio reports to: one address for all workspaces, and one for each. A trailing slash
changes nothing.
"""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.twilio import INBOUND, INBOUND_OF_ALL, STATUS, STATUS_OF_ALL
from leads.api.webhooks.twilio import InboundView, StatusView

urlpatterns = [
    re_path(
        r"^inbound/?$",
        InboundView.as_view(schema=Described(INBOUND_OF_ALL)),
        name="twilio_inbound_of_all",
    ),
    re_path(
        r"^status/?$",
        StatusView.as_view(schema=Described(STATUS_OF_ALL)),
        name="twilio_status_of_all",
    ),
    re_path(
        r"^(?P<slug>[^/]+)/inbound/?$",
        InboundView.as_view(schema=Described(INBOUND)),
        name="twilio_inbound",
    ),
    re_path(
        r"^(?P<slug>[^/]+)/status/?$",
        StatusView.as_view(schema=Described(STATUS)),
        name="twilio_status",
    ),
]
