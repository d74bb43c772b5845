"""The documentation. A trailing slash changes nothing."""

from django.urls import re_path

from coachbot.docs import views

NAME = r"(?P<name>[a-z0-9-]+(?:/[a-z]+)?)"

urlpatterns = [
    re_path(r"^llms\.txt$", views.llms_txt, name="llms_txt"),
    re_path(r"^docs/?$", views.page, name="docs"),
    re_path(r"^docs\.md$", views.text, name="docs_text"),
    re_path(r"^docs/reference/?$", views.reference, name="docs_reference"),
    re_path(rf"^docs/{NAME}\.md$", views.text, name="docs_page_text"),
    re_path(rf"^docs/{NAME}/?$", views.page, name="docs_page"),
]
