"""Vapi's messages: verify, parse, apply, 200.

A failure of ours answers 500 or 503, so that Vapi may send the message again; whatever
Vapi would only repeat in vain answers 200.
"""

from contextlib import suppress

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import APIView

from coachbot.http import errors
from coachbot.http.bodies.sizes import LARGEST_BODY
from coachbot.http.errors import ApiError
from coachbot.providers.vapi import events
from leads.agent import answers
from leads.api.serializers import vapi_answers
from leads.calls import inbound, transfers
from leads.calls.events import NoSuchCall, UnknownCaller, apply_event, event_code, find_call
from leads.models import Call
from workspaces.authentication import unauthorized
from workspaces.connections import own_secrets
from workspaces.log import record
from workspaces.models import LogKind, Outcome

# Told to the assistant that asks for another one.
NO_OTHER = "No other assistant can take over. Go on with the conversation yourself."
FAULT = "Something went wrong on our side. Tell the lead that a person will get in touch."


class ToolSecretAuthentication(BaseAuthentication):
    """Checks the tool secret of the workspace in the URL; `request.auth` is that one's id.

    An unknown workspace, one without a secret and a wrong secret are told apart by nobody.
    """

    def authenticate(self, request):
        slug = request.parser_context["kwargs"]["slug"]
        headers = request.headers
        if "Authorization" not in headers and "X-Vapi-Secret" not in headers:
            raise unauthorized(request, errors.MISSING_AUTHORIZATION)
        workspace_id, secret = own_secrets.tool_secret_of(slug)
        if not events.verify(headers, secret) or workspace_id is None:
            raise unauthorized(request, errors.INVALID_TOOL_SECRET)
        return AnonymousUser(), workspace_id


class VapiView(APIView):
    """POST /api/vapi/<slug>/events and /api/vapi/<slug>/tools/<tool>"""

    authentication_classes = [ToolSecretAuthentication]
    takes_repeated_keys = True
    largest_body = LARGEST_BODY  # each message repeats the whole conversation

    event = None  # the message, once it is read

    def post(self, request, slug, tool=""):
        try:
            self.event = events.parse_event(request.data, received_at=timezone.now())
        except events.NotAMessage as error:
            issues = [{"path": ["message"], "message": str(error)}]
            raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error
        match self.event:
            case events.CallNews():
                return Response(report(request.auth, self.event))
            case events.ToolCalls():
                found = answers.answer_tool_calls(request.auth, self.event, tool=tool)
                return Response(answers_json(found, is_legacy=self.event.is_legacy))
            case events.AssistantRequest(ids=ids):
                return Response(inbound.answer(request.auth, ids).told)
            case events.DestinationRequest(ids=ids):
                return Response(transfers.destination(request.auth, known_call(request.auth, ids)))
            case events.Other(type="handoff-destination-request"):
                return Response({"error": NO_OTHER})
        return Response({})

    def handle_exception(self, exc):
        """Report a failure as usual; where Vapi waits for words to be said, give some."""
        response = super().handle_exception(exc)
        match self.event or self._unread(response):
            case events.ToolCalls(requests=requests, is_legacy=is_legacy):
                sorry = [answers.Answer(r.answer_id, r.name, FAULT) for r in requests]
                return Response(answers_json(sorry, is_legacy=is_legacy))
            case events.AssistantRequest():
                return Response({"error": inbound.NOBODY_ANSWERS})
            case events.DestinationRequest():
                return Response({"error": transfers.NOBODY})
        return response

    def _unread(self, response) -> events.Event | None:
        """Return the message where we failed before it was read, as with the database away."""
        if response.status_code < 500:
            return None
        with suppress(APIException, events.NotAMessage):
            return events.parse_event(self.request.data, received_at=timezone.now())
        return None


def answers_json(found: list[answers.Answer], *, is_legacy: bool) -> dict:
    """Return answers to tool calls as Vapi reads them."""
    if is_legacy:
        return {"result": found[0].text if found else answers.UNREADABLE}
    return vapi_answers.tool_results_json(found)


def known_call(workspace_id: int, ids: events.Ids) -> Call | None:
    """Return the call of a message; None where it is none of a lead's."""
    try:
        return find_call(workspace_id, ids)
    except NoSuchCall:
        return None


def report(workspace_id: int, news: events.CallNews) -> dict:
    """Apply what a message says of its call. Return the answer."""
    try:
        apply_event(workspace_id, news)
    except UnknownCaller:
        pass
    except NoSuchCall as error:
        record.row(
            workspace_id=workspace_id,
            kind=LogKind.PROVIDER_EVENT,
            code=event_code(news.kind),
            action=f"Vapi {news.kind}",
            outcome=Outcome.REFUSED,
            error=str(error),
            request={"callId": news.ids.call_id, "status": news.status},
        )
    return {}
