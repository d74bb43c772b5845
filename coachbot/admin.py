"""The staff admin site at /admin/."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.urls import reverse


class StaffAdminSite(AdminSite):
    """Django's admin without its catch-all, which would shadow /admin/<slug>/.

    It has no sign-in of its own: there is one, and its attempts are limited.
    """

    site_header = "Coachbot staff"
    site_title = "Coachbot staff"
    index_title = "Platform"
    final_catch_all_view = False

    def login(self, request, extra_context=None):
        """Send people to the sign-in page. Who is signed in and no staff finds nothing here."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")
