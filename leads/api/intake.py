"""POST /api/intake/<token>: what other people's forms send.

The token in the path is the key. Whatever the form's tool calls its fields, what comes of them is
a submission like any other.
"""

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import ViewSet

from coachbot.deadline import Deadline
from coachbot.http import errors
from coachbot.http.addresses import client_address
from coachbot.http.bodies.forms import EMPTY, FormBodyParser
from coachbot.http.envelope import summary
from coachbot.http.errors import ApiError
from leads.api.logged import Logged, error_of
from leads.api.serializers import submissions
from leads.api.taking_in import told_in_api_words
from leads.calls.placing.lease import REQUEST_SECONDS
from leads.intake import submit
from leads.intake.submission import INTAKE, CameBy, Origin, Submission
from leads.intake_addresses import administration, answers, arrivals, mapping, tokens
from leads.intake_addresses.answers import Answer
from leads.models import IntakeAddress, IntakeFault
from workspaces.authentication import rate_limit_error
from workspaces.log import repeats
from workspaces.models import LogKind, Outcome
from workspaces.rate_limits import windows
from workspaces.rate_limits.headers import RateLimited

NO_ADDRESS = "No form has this address. It may have been replaced or revoked."
ENDED = "A form still posts to an address that was replaced or revoked: “{name}”. Change it there."
PATH = "/api/intake/…"


class AnyBody(BaseContentNegotiation):
    """JSON out, and in whatever was sent: form tools seldom let anybody choose."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class IntakeThrottle(BaseThrottle):
    """Counts the request in the windows of its address."""

    def allow_request(self, request, view):
        try:
            request.rate_limits = windows.count_intake_request(request.auth.pk)
        except windows.RateLimited as limited:
            request.rate_limits = limited.windows
            raise rate_limit_error(limited) from limited
        return True


class IntakeView(Logged, RateLimited, ViewSet):
    """Takes in what a form sends: authentication, limits, body, consent, fields, dispatch."""

    content_negotiation_class = AnyBody
    parser_classes = [FormBodyParser]
    throttle_classes = [IntakeThrottle]

    lead_id: uuid.UUID | None = None
    arrived: list[Answer] | None = None
    phone = ""  # as it was written
    fault: IntakeFault | None = None

    def take_in(self, request, token):
        """POST /api/intake/<token>"""
        self.done = True
        if not int(request.META.get("CONTENT_LENGTH") or 0):
            raise ApiError(errors.INVALID_JSON, EMPTY)
        self.arrived = read_answers(request.data)
        left_out = request.auth.left_out
        self.submitted = {a.path: a.text for a in self.arrived if a.path not in left_out}
        consent = administration.consent_of(request.auth)
        mapped = self.read_fields(request.auth, consent)
        submission = self.check(mapped, request.auth.workspace.default_country)
        origin = Origin(
            source=f"{INTAKE}{consent.pk}",
            address=client_address(request),
            request_id=request.request_id,
            came_by=CameBy.INTAKE,
        )
        return Response({"ok": True, "leadId": str(self.submit(request.auth, submission, origin))})

    def submit(self, address: IntakeAddress, submission: Submission, origin: Origin) -> uuid.UUID:
        """Make the one domain call. Return the id of the lead, whether it is new or known."""
        try:
            with told_in_api_words(self):
                receipt = submit.submit_lead(
                    workspace=address.workspace,
                    submission=submission,
                    origin=origin,
                    deadline=self.deadline,
                )
        except ApiError as error:
            if error.kind is not errors.DUPLICATE_PHONE or self.lead_id is None:
                raise
            return self.lead_id
        self.lead_id = receipt.lead_id
        return receipt.lead_id

    def read_fields(self, address: IntakeAddress, consent) -> mapping.Mapped:
        """Return what the fields of the form say, or raise the 400s in the contract's order."""
        country = address.workspace.default_country
        try:
            return mapping.read(address, consent, self.arrived or [], country=country)
        except mapping.NoConsent as error:
            self.fault = error.fault
            raise ApiError(errors.CONSENT_REQUIRED, str(error)) from error
        except mapping.FieldsMissing as error:
            self.fault = error.fault
            issues = [{"path": [name], "message": why} for name, why in error.missing.items()]
            raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error

    def check(self, mapped: mapping.Mapped, country: str) -> Submission:
        """Return the submission. What need not be right and is not stays among the answers."""
        self.phone = mapped.fields["phone"]
        try:
            return submissions.read_submission(mapped.fields, country=country)
        except ValidationError as error:
            wrong = [name for name in mapped.sources if name in error.detail]
            if wrong:
                return self.check(_without(mapped, wrong[0]), country)
            found = submissions.issues(error.detail)
            self.fault = IntakeFault.UNREADABLE
            raise ApiError(errors.VALIDATION_FAILED, summary(found), issues=found) from error

    def perform_authentication(self, request):
        self.deadline = Deadline(REQUEST_SECONDS)
        request.user, request.auth = (
            AnonymousUser(),
            find_address(request, self.kwargs["token"]),
        )
        super().perform_authentication(request)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.arrived is not None and response.status_code != 503:
            self._keep(request, response)
        return response

    def _keep(self, request, response) -> None:
        status = response.status_code
        arrival = arrivals.Arrival(
            answers=self.arrived or [],
            status_code=status,
            reason=self.error_told(status, response.data),
            fault=self.fault,
            lead_id=self.lead_id,
            request_id=request.request_id,
        )
        arrivals.keep(request.auth, arrival)

    def path_told(self, request) -> str:
        return PATH

    def error_told(self, status: int, data: dict) -> str:
        """Return the words and not the kind of an error: nobody but the log hears them."""
        return data.get("message") or error_of(status, data)

    def phone_sent(self) -> Any:
        return self.phone


def read_answers(body: Any) -> list[Answer]:
    """Return a parsed body as a list of answers, or raise VALIDATION_FAILED."""
    try:
        return answers.read(body)
    except answers.NotAForm as error:
        issues = submissions.issues(str(error))
        raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error


def find_address(request, token: str) -> IntakeAddress:
    """Return the address with a token, or raise NOT_FOUND; a 429 where too many were wrong."""
    address = tokens.find(token)
    if address is not None:
        return address
    if ended := tokens.find_ended(token):
        _tell_of(ended)
    try:
        windows.count_failed_key(client_address(request))
    except windows.RateLimited as limited:
        raise rate_limit_error(limited) from limited
    raise ApiError(errors.NOT_FOUND, NO_ADDRESS)


def _tell_of(ended: IntakeAddress) -> None:
    """Tell the log that a form goes on posting to where nothing is taken in: its leads are lost."""
    repeats.refusal(
        key=ended.prefix,
        workspace_id=ended.workspace_id,
        kind=LogKind.API_REQUEST,
        code="api.intake",
        action=f"POST {PATH}",
        outcome=Outcome.REFUSED,
        status_code=404,
        error=ENDED.format(name=ended.name),
        error_code=errors.NOT_FOUND.code,
    )


def _without(mapped: mapping.Mapped, name: str) -> mapping.Mapped:
    left = mapped.without(name)
    return mapping.Mapped(
        left.fields, {other: one for other, one in left.sources.items() if other != name}
    )
