"""Cal.com's webhooks: verify, parse, keep, 200. What they name is looked up by the worker.

A failure of ours answers 500 or 503. Cal.com sends each event once, whatever is answered: what
gets lost is found by the sweep.
"""

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

from coachbot.http import errors
from coachbot.http.bodies.sizes import LARGEST_FORM
from coachbot.http.errors import ApiError
from coachbot.providers.calcom import events
from leads.appointments import hints
from workspaces.authentication import unauthorized
from workspaces.connections import own_secrets
from workspaces.models import CredentialKind


class SignatureAuthentication(BaseAuthentication):
    """Checks who signed the body; `request.auth` is the id of the workspace in the URL.

    An unknown workspace, one without a webhook and a wrong signature are told apart by nobody.
    """

    def authenticate(self, request):
        context = request.parser_context
        context["view"].body_bytes = body = _read(request)
        workspace_id, secret = own_secrets.secret_of(
            context["kwargs"]["slug"], CredentialKind.CALCOM_EVENTS
        )
        signature = request.headers.get(events.SIGNATURE, "")
        if not events.is_authentic(signature, body, secret) or workspace_id is None:
            raise unauthorized(request, errors.INVALID_SIGNATURE)
        return AnonymousUser(), workspace_id


def _read(request) -> bytes:
    """Return the body as it was signed. Raises ApiError where it is larger than any event."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        raise ApiError(errors.PAYLOAD_TOO_LARGE)
    return request.stream.read() if request.stream else b""


class CalcomView(APIView):
    """POST /api/calcom/<slug>/events"""

    authentication_classes = [SignatureAuthentication]
    largest_body = LARGEST_FORM
    body_bytes = b""  # as it came

    def post(self, request, slug):
        try:
            hint = events.read_hint(self.body_bytes)
        except events.NotAnEvent as error:
            issues = [{"path": ["triggerEvent"], "message": str(error)}]
            raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error
        hints.receive(request.auth, hint)
        return Response({})
