"""A create as plain as Django REST framework allows: the same three queries on the same tables.

It looks the key up, inserts a lead, inserts a log row. It limits, checks and masks nothing and
writes no log line: what the framework alone costs on this machine.
"""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.viewsets import ViewSet  # noqa: E402

from leads.models import Lead  # noqa: E402
from workspaces.models import ApiKey, LogEntry  # noqa: E402


class LeadSerializer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.RegexField(r"^\+\d{7,15}$")
    email = serializers.EmailField()
    goal = serializers.CharField()
    metadata = serializers.DictField()


class PlainViewSet(ViewSet):
    authentication_classes = []

    def create(self, request):
        """POST /api/public/leads"""
        prefix = request.headers["Authorization"].removeprefix("Bearer ck_live_")[:8]
        key = ApiKey.objects.select_related("workspace").get(prefix=prefix)
        serializer = LeadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now = timezone.now()
        lead = Lead.objects.create(
            workspace=key.workspace,
            channel=key.workspace.channel,
            consent_at=now,
            accepted_at=now,
            **serializer.validated_data,
        )
        answer = {"success": True, "leadId": str(lead.pk), "status": lead.status}
        LogEntry.objects.create(
            workspace=key.workspace,
            created_at=now,
            kind="api_request",
            action="POST /api/public/leads",
            outcome="succeeded",
            status_code=201,
            lead_id=lead.pk,
            request=request.data,
            response=answer,
        )
        return Response(answer, status=201)


urlpatterns = [
    path("", lambda request: HttpResponse("ok")),
    path("api/public/leads", PlainViewSet.as_view({"post": "create"})),
]
