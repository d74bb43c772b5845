"""The Idempotency-Key header of a submission, between HTTP and leads.intake.idempotency."""

import json
import logging
import uuid

from django.db import Error
from rest_framework.response import Response
from rest_framework.views import APIView

from coachbot.deadline import Deadline
from coachbot.http import errors, outage
from coachbot.http.envelope import Enveloped
from coachbot.http.errors import ApiError
from leads.calls.placing import concurrency
from leads.intake import idempotency
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

HEADER = "Idempotency-Key"


class Repeatable(APIView):
    """A mixin for a view with a `deadline`: answers a request that is repeated as it did before.

    The view begins its work with earlier_answer().
    """

    body_bytes = b""  # as it came; the parser sets it
    lead_id: uuid.UUID | None
    deadline: Deadline
    claim: idempotency.Claim | None = None  # of the request's key, while it is being worked on

    def earlier_answer(self, request) -> Response | None:
        """Return the answer to repeat; None where the work is to be done.

        Waits for the first request with the key until the deadline. Raises ApiError for a key
        that cannot be used, and where the first is open until then.
        """
        header = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if header is None:
            return None
        begun = _begin(request.auth.workspace, header, self.body_bytes, self.deadline)
        if isinstance(begun, idempotency.Answer):
            self.lead_id = uuid.UUID(begun.location.rpartition("/")[2])
            return _repeated(begun)
        self.claim = begun
        return None

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.claim:
            _finish(self.claim, response)
        return response


def _begin(
    workspace: Workspace, header: str, body: bytes, deadline: Deadline
) -> idempotency.Claim | idempotency.Answer:
    try:
        key = idempotency.read_key(header)
        return idempotency.begin(workspace=workspace, key=key, body=body, deadline=deadline)
    except idempotency.BadKey as error:
        issues = [{"path": [HEADER], "message": str(error)}]
        raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error
    except idempotency.KeyReused as error:
        kind = errors.IDEMPOTENCY_KEY_REUSED
        raise ApiError(kind, kind.message) from error
    except (idempotency.StillRunning, concurrency.TooManyCalls) as error:
        raise outage.unavailable(str(error)) from error
    except Workspace.DoesNotExist as error:
        raise ApiError(errors.WORKSPACE_NOT_FOUND) from error


def _repeated(answer: idempotency.Answer) -> Response:
    """Return an earlier answer once more."""
    headers = {"Location": answer.location, "Idempotent-Replayed": "true"}
    return Enveloped(json.loads(answer.body), status=answer.status, headers=headers)


def _finish(claim: idempotency.Claim, response: Response) -> None:
    """Keep the answer where it is final, else forget the key. Call it on a finalized response.

    What cannot be written is reported and lost: the lease runs out, and a retry then gets
    what the lead itself says.
    """
    try:
        if response.status_code in idempotency.FINAL:
            body = response.render().content.decode()
            location = response.headers["Location"]
            claim.keep(idempotency.Answer(response.status_code, body, location))
        else:
            claim.release()
    except Error:
        logger.exception("Could not write what became of an Idempotency-Key")
