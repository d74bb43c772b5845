"""What everything is compared with: a Django view that answers a little JSON, and nothing else."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    DATABASES={},
)


def view(request):
    """GET /"""
    response = JsonResponse({"ok": True})
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("", view)]
application = get_wsgi_application()
