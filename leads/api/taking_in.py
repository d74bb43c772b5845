"""What goes wrong in taking a lead in, in the API's words: of a key and of a form's address."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Protocol

from django.urls import reverse

from coachbot.http import errors, outage
from coachbot.http.errors import ApiError
from leads.calls.placing import concurrency
from leads.calls.placing.errors import CallNotConfirmed
from leads.intake import twins
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

UNKNOWN = (
    "It is not known whether the lead was stored. Send the same again: if it was, the answer is "
    "duplicate_phone, and nobody is called twice."
)


class AboutALead(Protocol):
    """A view that remembers whom its request was about."""

    lead_id: uuid.UUID | None


@contextmanager
def told_in_api_words(view: AboutALead) -> Iterator[None]:
    """Turn what submit_lead() raises into an ApiError, and tell the view whom it was about."""
    try:
        yield
    except twins.DuplicatePhone as error:
        view.lead_id = error.lead_id
        location = {"Location": lead_url(error.lead_id)}
        raise ApiError(errors.DUPLICATE_PHONE, str(error), headers=location) from error
    except CallNotConfirmed as error:
        view.lead_id = error.lead_id
        kind = errors.VOICE_DISPATCH_FAILED
        raise ApiError(kind, str(error), cause=error.code) from error
    except concurrency.TooManyCalls as error:
        raise outage.unavailable(str(error)) from error
    except outage.AWAY as error:
        logger.error("The database went away in a submission: %s", error)
        raise outage.unavailable(UNKNOWN) from error
    except Workspace.DoesNotExist as error:
        raise ApiError(errors.WORKSPACE_NOT_FOUND) from error


def lead_url(lead_id) -> str:
    """Return the path at which a lead is read."""
    return f"{_leads_url()}/{lead_id}"


@cache  # to reverse a URL with an id in it takes a fiftieth of a create
def _leads_url() -> str:
    return reverse("public_leads")
