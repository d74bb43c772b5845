"""What everything is compared with: a view that answers a little JSON in a fresh project.

Fresh means as `django-admin startproject` sets it up, with its seven pieces of middleware;
BARE_MIDDLEWARE=0 leaves them out.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

FRESH_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")
    ],
    MIDDLEWARE=FRESH_MIDDLEWARE if os.environ.get("BARE_MIDDLEWARE", "1") == "1" else [],
    DATABASES={},
)


def view(request):
    """GET /"""
    response = JsonResponse({"ok": True})
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("", view)]
application = get_wsgi_application()
