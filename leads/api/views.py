"""The public endpoints for leads."""

import uuid

from django.http import HttpResponseRedirect
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from coachbot.db.keyset import BadCursor
from coachbot.deadline import Deadline
from coachbot.http import errors, outage
from coachbot.http.addresses import client_address
from coachbot.http.envelope import summary
from coachbot.http.errors import ApiError
from leads import erasure
from leads.api import listing
from leads.api.logged import Logged
from leads.api.repeats import Repeatable
from leads.api.serializers import lead_answers, receipts, submissions
from leads.api.taking_in import lead_url, told_in_api_words
from leads.calls import recordings
from leads.calls.placing.lease import REQUEST_SECONDS
from leads.intake import submit
from leads.intake.submission import Origin, Submission
from leads.reading import listing as leads_listing
from leads.snapshot import inquiry
from workspaces.authentication import ApiKeyAuthentication, HasWorkspace, KeyThrottle, Scoped
from workspaces.models import Scope
from workspaces.rate_limits.headers import RateLimited

NOT_AN_OBJECT = "Expected an object."
BEING_CALLED = "This lead is being called just now, and was not erased. Try again in a few seconds."
EMAIL_HINT = "The whole lead is refused for its e-mail: leave out one that may be wrong."


class LeadViewSet(Logged, Repeatable, RateLimited, Scoped, ViewSet):
    """Submit, read, list and erase leads. The order of checks is DRF's, which is the contract's."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasWorkspace]
    throttle_classes = [KeyThrottle]
    scopes = {
        "create": Scope.CREATE,
        "retrieve": Scope.READ,
        "recording": Scope.READ,
        "list": Scope.LIST,
        "destroy": Scope.ERASE,
    }

    def create(self, request):
        """POST /api/public/leads"""
        self.done = True
        self.submitted = read_body(request)
        submission = check_submission(self.submitted, request.auth.workspace.default_country)
        if earlier := self.earlier_answer(request):
            return earlier
        receipt = self.take_in(request, submission)
        self.lead_id = receipt.lead_id
        location = {"Location": lead_url(receipt.lead_id)}
        return Response(receipts.receipt_json(receipt), status=201, headers=location)

    def take_in(self, request, submission) -> submit.Receipt:
        """Make the one domain call, and say in the API's words what goes wrong in it."""
        origin = Origin(
            source=f"api_key:{request.auth.prefix}",
            address=client_address(request),
            request_id=request.request_id,
        )
        with told_in_api_words(self):
            return submit.submit_lead(
                workspace=request.auth.workspace,
                submission=submission,
                origin=origin,
                deadline=self.deadline,
            )

    def retrieve(self, request, lead_id):
        """GET /api/public/leads/<id>"""
        return Response(lead_answers.lead_json(find_lead(request, lead_id)))

    def list(self, request):
        """GET /api/public/leads"""
        self.submitted = {**listing.told_of(request.query_params), "key": request.auth.prefix}
        asked = read_query(request)
        try:
            listed = leads_listing.list_leads(
                request.auth.workspace, asked.filters, cursor=asked.cursor, size=asked.size
            )
        except BadCursor as error:
            raise validation_failed(listing.bad_cursor()) from error
        # A walk is told once, by its first page; of people only how many there were.
        self.done, self.told = not asked.cursor, {"ok": True, "leads": len(listed.leads)}
        return Response(listing.page_json(listed))

    def destroy(self, request, lead_id):
        """DELETE /api/public/leads/<id>: erases as the dashboard does."""
        self.submitted = {"key": request.auth.prefix}
        found = read_lead_id(lead_id)
        gone, busy = erasure.erase_leads(request.auth.workspace, [found] if found else [])
        if busy:
            raise outage.unavailable(BEING_CALLED)
        if not gone:
            raise ApiError(errors.LEAD_NOT_FOUND)
        self.done, self.lead_id = True, found
        return Response(status=204)

    def recording(self, request, lead_id):
        """GET /api/public/leads/<id>/recording: a redirect to where it can be heard now."""
        found = find_lead(request, lead_id)
        self.lead_id = found.lead.pk
        try:
            link = recordings.recording_link(found.call)
        except recordings.NoRecording as error:
            raise ApiError(errors.RECORDING_NOT_FOUND, str(error)) from error
        except recordings.RecordingUnavailable as error:
            raise ApiError(errors.RECORDING_UNAVAILABLE, str(error)) from error
        return HttpResponseRedirect(link)

    def perform_authentication(self, request):
        self.deadline = Deadline(REQUEST_SECONDS)
        super().perform_authentication(request)


def read_body(request):
    """Return the parsed body, or raise INVALID_JSON; DRF takes an empty one for `{}`."""
    if not int(request.META.get("CONTENT_LENGTH") or 0):
        raise ApiError(errors.INVALID_JSON)
    return request.data


def check_submission(data, country: str) -> Submission:
    """Return a parsed body as a Submission, or raise its 400s in the contract's order.

    country: of phone numbers without one.
    """
    if not isinstance(data, dict):
        raise ApiError(errors.VALIDATION_FAILED, issues=submissions.issues(NOT_AN_OBJECT))
    if data.get("consent") is not True:
        raise ApiError(errors.CONSENT_REQUIRED)
    try:
        return submissions.read_submission(data, country=country)
    except ValidationError as error:
        found = submissions.issues(error.detail)
        message = summary(found)
        if any(issue["path"] == ["email"] for issue in found):
            message = f"{message} {EMAIL_HINT}"
        raise ApiError(errors.VALIDATION_FAILED, message, issues=found) from error


def read_query(request) -> listing.Asked:
    """Return what the query of a list asks for, or raise VALIDATION_FAILED."""
    try:
        return listing.read_query(
            request.query_params, country=request.auth.workspace.default_country
        )
    except listing.BadQuery as error:
        raise validation_failed(error) from error


def validation_failed(error: listing.BadQuery) -> ApiError:
    return ApiError(errors.VALIDATION_FAILED, issues=error.issues)


def find_lead(request, lead_id: str) -> inquiry.Inquiry:
    """Return what is known of the lead of a path, or raise LEAD_NOT_FOUND."""
    found = inquiry.find_lead(request.auth.workspace, read_lead_id(lead_id))
    if found is None:
        raise ApiError(errors.LEAD_NOT_FOUND)
    return found


def read_lead_id(text: str) -> uuid.UUID | None:
    """Return a UUID in its usual form, None for anything else."""
    try:
        lead_id = uuid.UUID(text)
    except ValueError:
        return None
    return lead_id if str(lead_id) == text.lower() else None
