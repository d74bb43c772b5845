"""Django's own admin for platform staff, beside the workspace pages under /admin/<slug>/."""

from django.contrib.admin.apps import AdminConfig


class CoachbotAdminConfig(AdminConfig):
    default_site = "coachbot.admin.StaffAdminSite"
