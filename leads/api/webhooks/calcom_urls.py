"""Where Cal.com reports to. A trailing slash changes nothing."""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.calcom import CALCOM_EVENTS
from leads.api.webhooks.calcom import CalcomView

urlpatterns = [
    re_path(
        r"^(?P<slug>[^/]+)/events/?$",
        CalcomView.as_view(schema=Described(CALCOM_EVENTS)),
        name="calcom_events",
    ),
]
