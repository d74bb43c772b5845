"""The one log row of a request of the Public API."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from rest_framework.viewsets import ViewSet

from coachbot.observability.masking import mask_text
from leads.intake import phones
from workspaces.log import record, repeats
from workspaces.models import LogKind, Outcome

CODES = {
    "create": "api.create_lead",
    "take_in": "api.intake",
    "retrieve": "api.get_lead",
    "list": "api.list_leads",
    "destroy": "api.delete_lead",
    "recording": "api.get_recording",
}


class Logged(ViewSet):
    """A mixin for a viewset: writes the row of what is done, and of what went wrong else.

    The view says in `lead_id` whom the request was about, in `submitted` what it held, in `done`
    that its success is to be told, and in `told` what of the answer, where that is not all.
    """

    workspace_id: int | None = None  # of the key, once it is known
    lead_id: uuid.UUID | None = None
    submitted: Any = None
    done = False
    told: dict | None = None

    def perform_authentication(self, request):
        self.started = time.monotonic()
        super().perform_authentication(request)
        self.workspace_id = request.auth.workspace_id

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        is_told = response.status_code >= 400 or self.done
        # While the database is away there is nothing to write to, only time to lose.
        if is_told and self.workspace_id and response.status_code != 503:
            self._write_row(request, response)
        return response

    def _write_row(self, request, response) -> None:
        status, data = response.status_code, response.data or {}
        is_counted = status == 429
        write: Callable[..., None] = repeats.refusal if is_counted else record.row
        write(
            key=request.auth.prefix,
            workspace_id=self.workspace_id,
            kind=LogKind.API_REQUEST,
            code=CODES.get(self.action or "", "api.unknown"),
            action=mask_text(f"{request.method} {self.path_told(request)}")[:120],
            outcome=outcome_of(status),
            status_code=status,
            duration=time.monotonic() - self.started,
            lead_id=self.lead_id,
            phone=self.submitted_phone(request) if status >= 400 else "",
            error=self.error_told(status, data),
            error_code=getattr(response, "error_code", ""),
            request=self.submitted,
            response=data if self.told is None else self.told,
        )

    def path_told(self, request) -> str:
        """Return the path as a log row may hold it."""
        return request.path

    def error_told(self, status: int, data: dict) -> str:
        """Return what the row says of an error."""
        return error_of(status, data)

    def phone_sent(self) -> Any:
        """Return the phone of the parsed body as it was written, None where there is none."""
        return self.submitted.get("phone") if isinstance(self.submitted, dict) else None

    def submitted_phone(self, request) -> str:
        """Return the phone of the parsed body, normalised, or "" where there is none."""
        phone = self.phone_sent()
        workspace = request.auth.workspace
        country = workspace.default_country if workspace else ""
        try:
            return phones.normalise(phone if isinstance(phone, str) else "", country=country)
        except phones.BadPhone:
            return ""


def error_of(status: int, data: dict) -> str:
    """Return what a log row says of an error: the sentence, or of a bad body its kind."""
    error = data.get("error") or ""
    return error if status == 400 else data.get("message") or error


def outcome_of(status: int) -> Outcome:
    """Return how a request ended, from its status."""
    if status < 400:
        return Outcome.SUCCEEDED
    return Outcome.REFUSED if status < 500 else Outcome.FAILED
