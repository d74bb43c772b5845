"""The Idempotency-Key header of a submission, between HTTP and leads.idempotency."""

import json
import logging

from django.db import Error
from rest_framework.response import Response

from coachbot import errors
from coachbot.errors import ApiError
from leads import idempotency
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
RETRY_AFTER = "1"


def begin(request, body: bytes) -> idempotency.Claim | idempotency.Answer | None:
    """Return the request's claim or the answer to repeat; None without the header.

    Raises ApiError for a key that cannot be used.
    """
    header = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if header is None:
        return None
    try:
        key = idempotency.read_key(header)
        return idempotency.begin(workspace=request.auth.workspace, key=key, body=body)
    except idempotency.BadKey as error:
        issues = [{"path": [HEADER], "message": str(error)}]
        raise ApiError(errors.VALIDATION_FAILED, issues=issues) from error
    except idempotency.KeyReused as error:
        kind = errors.IDEMPOTENCY_KEY_REUSED
        raise ApiError(kind, kind.message) from error
    except idempotency.StillRunning as error:
        kind = errors.IDEMPOTENCY_IN_PROGRESS
        raise ApiError(kind, kind.message, headers={"Retry-After": RETRY_AFTER}) from error
    except Workspace.DoesNotExist as error:
        raise ApiError(errors.WORKSPACE_NOT_FOUND) from error


def repeated(answer: idempotency.Answer) -> Response:
    """Return an earlier answer once more."""
    headers = {"Location": answer.location, "Idempotent-Replayed": "true"}
    response = Response(json.loads(answer.body), status=answer.status, headers=headers)
    response.is_enveloped = True
    return response


def finish(claim: idempotency.Claim, response: Response) -> None:
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
