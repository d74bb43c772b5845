"""Applications of Django's that are set otherwise here: the admin, and the static files."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CoachbotAdminConfig(AdminConfig):
    """Django's own admin for platform staff, beside the workspace pages under /admin/<slug>/."""

    default_site = "coachbot.admin.StaffAdminSite"


class CoachbotStaticFilesConfig(StaticFilesConfig):
    """Of drf-spectacular-sidecar's 9 MB only the viewer's two files are asked for, and licences."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "*.map",
        "oauth2-redirect.*",
        "swagger-ui-standalone-preset.js",
        "favicon-32x32.png",
    ]
