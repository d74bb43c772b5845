"""Twilio's webhooks: verify, parse, store, 200 with an empty TwiML document. What is to be done is
done by the worker.

A failure of ours answers 500 or 503. Twilio repeats a request only as its address says (`#rc=5`),
within 15 seconds: what gets lost is found in its list.
"""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, QueryDict
from rest_framework.authentication import BaseAuthentication
from rest_framework.views import APIView

from coachbot.db import clock
from coachbot.db.storable import storable
from coachbot.http import errors
from coachbot.http.bodies.parsers import read_capped
from coachbot.http.errors import ApiError
from coachbot.providers.twilio import events
from leads.messages import delivery
from leads.messages.incoming import inbound
from workspaces.authentication import unauthorized
from workspaces.connections import twilio_signers
from workspaces.models import Workspace

# A message has 1,600 characters, and some fields around them.
LARGEST = 64 * 1024
MOST_FIELDS = 500
NOTHING_TO_SAY = "<Response/>"


class SignatureAuthentication(BaseAuthentication):
    """Checks who signed the fields; `request.auth` is the id of the workspace that they are for.

    An unknown workspace or number, one that is not connected and a wrong signature are told apart
    by nobody.
    """

    def authenticate(self, request):
        context = request.parser_context
        view, slug = context["view"], context["kwargs"].get("slug")
        view.fields = fields = _read(request)
        signer = twilio_signers.of_slug(slug) if slug else _signer_of(fields, view.ours)
        signature = request.headers.get(events.SIGNATURE, "")
        url = _url(request)
        signed = [events.is_authentic(signature, url, fields, token) for token in signer.tokens]
        is_its_own = fields.get("AccountSid") == signer.account_sid
        if not any(signed) or signer.workspace_id is None or not is_its_own:
            raise unauthorized(request, errors.INVALID_TWILIO_SIGNATURE)
        return AnonymousUser(), signer.workspace_id


def _read(request) -> QueryDict:
    """Return the fields of the form. Raises ApiError where there are more than any message has."""
    body = read_capped(request, request.stream, LARGEST) if request.stream else b""
    if body.count(b"&") >= MOST_FIELDS:
        raise ApiError(errors.PAYLOAD_TOO_LARGE)
    # Its content type names a charset or none: it is UTF-8 in any case.
    return QueryDict(body, encoding="utf-8")


def _signer_of(fields: QueryDict, ours: str) -> twilio_signers.Signer:
    """Return the signer by the number that is the workspace's. ours: the field that holds it."""
    # Nothing of it is believed yet: it may be text that no database takes.
    names = {"account_sid": "AccountSid", "to": ours, "service_sid": "MessagingServiceSid"}
    told = {key: storable(fields.get(name, "")) for key, name in names.items()}
    return twilio_signers.of_number(**told)


def _url(request) -> str:
    """Return the address as Twilio was told it; whatever host a proxy says plays no part."""
    query = request.META.get("QUERY_STRING", "")
    return f"{settings.PUBLIC_BASE_URL}{request.path}{'?' if query else ''}{query}"


class TwilioView(APIView):
    """What Twilio's two webhooks have in common."""

    authentication_classes = [SignatureAuthentication]
    largest_body = LARGEST
    ours = "To"  # the field that holds the workspace's own number
    fields: QueryDict = QueryDict("")

    def post(self, request, slug=""):
        try:
            self.take_in(Workspace.objects.get(pk=request.auth), request)
        except events.NotAMessage as error:
            issues = [{"path": [], "message": str(error)}]
            raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error
        return HttpResponse(NOTHING_TO_SAY, content_type="text/xml")

    def take_in(self, workspace: Workspace, request) -> None:
        raise NotImplementedError


class InboundView(TwilioView):
    """POST /api/whatsapp/inbound and /api/whatsapp/<slug>/inbound"""

    def take_in(self, workspace, request):
        inbound.receive(workspace, events.read_inbound(self.fields), clock.now())


class StatusView(TwilioView):
    """POST /api/whatsapp/status and /api/whatsapp/<slug>/status"""

    ours = "From"

    def take_in(self, workspace, request):
        query = QueryDict(request.META.get("QUERY_STRING", ""))
        delivery.apply(workspace, events.read_status(self.fields, query))
