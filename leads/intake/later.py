"""A lead that is submitted again: what is new in it is kept, and nobody is called for it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from leads import notices
from leads.intake.submission import Origin, Submission
from leads.models import MOST_LATER, LaterSubmission, Lead

# Who writes at the same moment may take the place first.
ATTEMPTS = 3
PARTS = ("name", "email", "goal", "metadata", "form_responses")


def keep_news(lead: Lead, submission: Submission, origin: Origin) -> bool:
    """Keep what a submission of a lead's phone says anew. Return whether anything was kept.

    What repeats the lead, or an earlier one of these, is not kept, nor one beyond MOST_LATER.
    Asks the database only where there is something new. Raises OperationalError.
    """
    news = _news(lead, submission)
    if not any(news.values()):
        return False
    for _ in range(ATTEMPTS):
        earlier = list(lead.later_submissions.order_by("place"))
        if len(earlier) >= MOST_LATER or news in map(_parts, earlier):
            return False
        try:
            _keep(lead, submission, origin, place=len(earlier), news=news)
            return True
        except IntegrityError:
            continue  # another came between, or the lead was deleted: then nothing is found
    return False


@transaction.atomic
def _keep(
    lead: Lead, submission: Submission, origin: Origin, *, place: int, news: Mapping[str, Any]
) -> None:
    """Raises IntegrityError where the place is taken, or the lead is gone."""
    LaterSubmission.objects.create(
        lead_id=lead.pk,
        place=place,
        **news,
        form_questions=list(news["form_responses"]),
        form_wordings=dict(submission.form_wordings),
        consent_evidence=dict(origin.evidence),
        source=origin.source,
        address=origin.address,
        request_id=origin.request_id,
    )
    Lead.objects.filter(pk=lead.pk).update(last_active_at=timezone.now())
    notices.wrote_again(lead, str(place))


def _news(lead: Lead, submission: Submission) -> dict[str, Any]:
    """Return what a submission says that the lead does not, by its columns."""
    news = {
        name: sent if (sent := getattr(submission, name)) != getattr(lead, name) else ""
        for name in ("name", "email", "goal")
    }
    return {
        **news,
        "metadata": _added(lead.metadata, submission.metadata),
        "form_responses": _added(lead.form_responses, submission.form_responses),
    }


def _added(known: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if known.get(name) != value}


def _parts(earlier: LaterSubmission) -> dict[str, Any]:
    return {name: getattr(earlier, name) for name in PARTS}
