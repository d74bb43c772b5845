"""Where other people's forms post to. A trailing slash changes nothing."""

from django.urls import re_path

from coachbot.http.openapi import Described
from leads.api.description.intake import TAKE_IN_FORM
from leads.api.intake import IntakeView

urlpatterns = [
    re_path(
        r"^(?P<token>[^/]+)/?$",
        IntakeView.as_view({"post": "take_in"}, schema=Described(TAKE_IN_FORM)),
        name="intake",
    ),
]
