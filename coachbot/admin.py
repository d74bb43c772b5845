"""The staff admin site at /admin/."""

from django.contrib.admin import AdminSite


class StaffAdminSite(AdminSite):
    """Django's admin without its catch-all, which would shadow /admin/<slug>/."""

    site_header = "Coachbot staff"
    site_title = "Coachbot staff"
    index_title = "Platform"
    final_catch_all_view = False
