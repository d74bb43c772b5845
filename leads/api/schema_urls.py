"""Where the description of all this is read."""

from django.urls import re_path

from coachbot.http.openapi import Described, Description
from leads.api.description.operations import READ_DESCRIPTION

urlpatterns = [
    re_path(
        r"^schema(?:\.(?P<format>json|yaml))?/?$",
        Description.as_view(schema=Described(READ_DESCRIPTION)),
        name="schema",
    ),
]
