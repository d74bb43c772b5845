"""The public endpoints for leads."""

import time
import uuid
from functools import cache

from django.http import HttpResponseRedirect
from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from coachbot.deadline import Deadline
from coachbot.http import errors, outage
from coachbot.http.addresses import client_address
from coachbot.http.envelope import summary
from coachbot.http.errors import ApiError
from coachbot.observability.masking import mask_text
from leads.api import repeats, serializers
from leads.calls import concurrency, recordings
from leads.calls.attempts import REQUEST_SECONDS, CallNotConfirmed
from leads.intake import idempotency, phones, submit
from leads.models import Call, Lead
from leads.reading import inquiry
from workspaces.authentication import ApiKeyAuthentication, HasWorkspace, KeyThrottle
from workspaces.log import record
from workspaces.models import LogEntry, LogKind, Outcome, Workspace
from workspaces.rate_limits.headers import rate_limit_headers

NOT_AN_OBJECT = "Expected an object."
EMAIL_HINT = "The whole lead is refused for its e-mail: leave out one that may be wrong."


class LeadViewSet(ViewSet):
    """Submit a lead, read a lead. The order of checks is DRF's, which is the contract's."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasWorkspace]
    throttle_classes = [KeyThrottle]

    workspace_id = None  # of the key, once it is known
    lead_id = None  # that a submission became, or would have
    submitted = None  # the parsed body
    body_bytes = b""  # as it came
    claim = None  # of its Idempotency-Key, while it is being worked on
    is_logged = False  # the log row of the request is written

    def create(self, request):
        """POST /api/public/leads"""
        self.submitted = read_body(request)
        submission = check_submission(self.submitted, request.auth.workspace.default_country)
        begun = repeats.begin(request, self.body_bytes, self.deadline)
        if isinstance(begun, idempotency.Answer):
            self.lead_id = begun.location.rpartition("/")[2]
            return repeats.repeated(begun)
        self.claim = begun
        receipt = self.take_in(request, submission)
        location = {"Location": lead_url(receipt.lead_id)}
        return Response(serializers.receipt_json(receipt), status=201, headers=location)

    def take_in(self, request, submission) -> submit.Receipt:
        """Make the one domain call, and say in the API's words what goes wrong in it."""
        origin = submit.Origin(
            source=f"api_key:{request.auth.prefix}",
            address=client_address(request),
            request_id=request.request_id,
        )
        try:
            receipt = submit.submit_lead(
                workspace=request.auth.workspace,
                submission=submission,
                origin=origin,
                deadline=self.deadline,
                witness=self.witness,
            )
        except submit.DuplicatePhone as error:
            self.lead_id = error.lead_id
            location = {"Location": lead_url(error.lead_id)}
            raise ApiError(errors.DUPLICATE_PHONE, str(error), headers=location) from error
        except CallNotConfirmed as error:
            self.lead_id = error.lead_id
            raise ApiError(errors.VOICE_DISPATCH_FAILED, str(error)) from error
        except concurrency.TooManyCalls as error:
            raise outage.unavailable(str(error)) from error
        except Workspace.DoesNotExist as error:
            raise ApiError(errors.WORKSPACE_NOT_FOUND) from error
        self.lead_id, self.is_logged = receipt.lead_id, receipt.is_recorded
        return receipt

    def witness(self, receipt) -> LogEntry:
        """Return the log row of a 201, to be written with the lead: its duration ends there."""
        fields = self.log_fields(201, serializers.receipt_json(receipt))
        return record.new_entry(**{**fields, "lead_id": receipt.lead_id})

    def retrieve(self, request, lead_id):
        """GET /api/public/leads/<id>"""
        lead, call = find_lead(request, lead_id)
        return Response(serializers.lead_json(lead, call))

    def recording(self, request, lead_id):
        """GET /api/public/leads/<id>/recording: a redirect to where it can be heard now."""
        lead, call = find_lead(request, lead_id)
        self.lead_id = lead.pk
        try:
            link = recordings.recording_link(call)
        except recordings.NoRecording as error:
            raise ApiError(errors.RECORDING_NOT_FOUND, str(error)) from error
        except recordings.RecordingUnavailable as error:
            raise ApiError(errors.RECORDING_UNAVAILABLE, str(error)) from error
        return HttpResponseRedirect(link)

    def perform_authentication(self, request):
        self.started = time.monotonic()
        self.deadline = Deadline(REQUEST_SECONDS)
        super().perform_authentication(request)
        self.workspace_id = request.auth.workspace_id

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in rate_limit_headers(getattr(request, "rate_limits", ())).items():
            response.headers[name] = value
        if self.claim:
            repeats.finish(self.claim, response)
        is_told = response.status_code >= 400 or self.action == "create"
        # While the database is away there is nothing to write to, only time to lose.
        is_lost = not self.workspace_id or response.status_code == 503
        if is_told and not is_lost and not self.is_logged:
            record.row(**self.log_fields(response.status_code, response.data))
        return response

    def log_fields(self, status: int, data: dict) -> dict:
        """Return what the request's one log row says, in the workspace that it came to."""
        return {
            "workspace_id": self.workspace_id,
            "kind": LogKind.API_REQUEST,
            "action": action_name(self.request),
            "outcome": outcome_of(status),
            "status_code": status,
            "duration": time.monotonic() - self.started,
            "lead_id": self.lead_id,
            "phone": self.submitted_phone() if status >= 400 else "",
            "error": error_of(status, data),
            "request": self.submitted,
            "response": data,
        }

    def submitted_phone(self) -> str:
        """Return the phone of the parsed body, normalised, or "" where there is none."""
        data = self.submitted
        phone = data.get("phone") if isinstance(data, dict) else None
        workspace = self.request.auth.workspace
        country = workspace.default_country if workspace else ""
        try:
            return phones.normalise(phone if isinstance(phone, str) else "", country=country)
        except phones.BadPhone:
            return ""


def read_body(request):
    """Return the parsed body, or raise INVALID_JSON; DRF takes an empty one for `{}`."""
    if not int(request.META.get("CONTENT_LENGTH") or 0):
        raise ApiError(errors.INVALID_JSON)
    return request.data


def check_submission(data, country: str) -> submit.Submission:
    """Return a parsed body as a Submission, or raise its 400s in the contract's order.

    country: of phone numbers without one.
    """
    if not isinstance(data, dict):
        raise ApiError(errors.VALIDATION_FAILED, issues=serializers.issues(NOT_AN_OBJECT))
    if data.get("consent") is not True:
        raise ApiError(errors.CONSENT_REQUIRED)
    try:
        return serializers.read_submission(data, country=country)
    except ValidationError as error:
        found = serializers.issues(error.detail)
        message = summary(found)
        if any(issue["path"] == ["email"] for issue in found):
            message = f"{message} {EMAIL_HINT}"
        raise ApiError(errors.VALIDATION_FAILED, message, issues=found) from error


def find_lead(request, lead_id: str) -> tuple[Lead, Call | None]:
    """Return the lead of a path and its latest call, or raise LEAD_NOT_FOUND."""
    lead, call = inquiry.find_lead(request.auth.workspace, read_lead_id(lead_id))
    if lead is None:
        raise ApiError(errors.LEAD_NOT_FOUND)
    return lead, call


def read_lead_id(text: str) -> uuid.UUID | None:
    """Return a UUID in its usual form, None for anything else."""
    try:
        lead_id = uuid.UUID(text)
    except ValueError:
        return None
    return lead_id if str(lead_id) == text.lower() else None


def action_name(request) -> str:
    """Return method and path, storable and short enough for a log row."""
    return mask_text(f"{request.method} {request.path}")[:120]


def lead_url(lead_id) -> str:
    """Return the path at which a lead is read."""
    return f"{_leads_url()}/{lead_id}"


@cache  # to reverse a URL with an id in it takes a fiftieth of a create
def _leads_url() -> str:
    return reverse("public_leads")


def error_of(status: int, data: dict) -> str:
    """Return what a log row says of an error: the sentence, or of a bad body its kind."""
    error = data.get("error") or ""
    return error if status == 400 else data.get("message") or error


def outcome_of(status: int) -> Outcome:
    """Return how a request ended, from its status."""
    if status < 400:
        return Outcome.SUCCEEDED
    return Outcome.REFUSED if status < 500 else Outcome.FAILED
