"""The last bodies that arrived at an intake address, and what is wrong since when.

They are shown to the admins who choose fields from them, for a week. What they hold of a person is
masked as the log is, and goes with the lead.
"""

import logging
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import Error, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Now

from coachbot.observability.masking import mask, mask_text
from leads.intake import phones
from leads.intake.submission import FEWEST_DIGITS, PHONE
from leads.intake_addresses.answers import Answer
from leads.models import (
    LONGEST_FIELD,
    LONGEST_REASON,
    MOST_ARRIVALS,
    ArrivedBody,
    IntakeAddress,
    IntakeFault,
)
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
MOST_ANSWERS = 200
LONGEST_LABEL = 300
# Of faults that may also be a person's: who did not tick, or mistyped. So many in a row are not.
MOST_BY_CHANCE = 3


@dataclass(frozen=True)
class Arrival:
    """What became of a body. reason: why it was not taken in, "" where it was.

    fault: what may be wrong with the mapping; lead_id: of the lead that came of it, if one did.
    """

    answers: Sequence[Answer]
    status_code: int
    reason: str = ""
    fault: IntakeFault | None = None
    lead_id: uuid.UUID | None = None
    request_id: str = ""


def keep(address: IntakeAddress, arrival: Arrival) -> None:
    """Keep a body in the place of the oldest one, and count its fault.

    One that cannot be written does not undo what became of it: it is reported and lost.
    """
    try:
        with transaction.atomic():
            _keep(address, arrival)
    except Error:
        logger.exception("Could not keep what arrived at intake address %s", address.pk)


def _keep(address: IntakeAddress, arrival: Arrival) -> None:
    rows = IntakeAddress.objects.filter(pk=address.pk)
    # The row is locked by it, so that each body has a place of its own.
    rows.update(arrived=F("arrived") + 1, arrived_at=Now(), **_fault(arrival))
    count = rows.values_list("arrived", flat=True).first()
    if count is None:
        return  # the workspace was deleted meanwhile
    ArrivedBody.objects.update_or_create(
        address_id=address.pk,
        place=count % MOST_ARRIVALS,
        defaults={
            "answers": _masked(arrival.answers),
            "status_code": arrival.status_code,
            "reason": mask_text(arrival.reason)[:LONGEST_REASON],
            "lead_id": arrival.lead_id,
            "request_id": arrival.request_id,
            "arrived_at": Now(),
        },
    )


def _fault(arrival: Arrival) -> dict[str, Any]:
    """Return the columns that say what is wrong: a lead clears them, a person's own fault adds
    nothing."""
    if arrival.status_code < 400:
        return {"fault": "", "fault_count": 0, "fault_since": None}
    if arrival.fault is None:
        return {}
    # One that is sure is not hidden by a later one that is not.
    is_sure = When(fault=IntakeFault.FIELD_MISSING, then=F("fault"))
    return {
        "fault": Case(is_sure, default=Value(arrival.fault.value)),
        "fault_count": F("fault_count") + 1,
        "fault_since": Coalesce(F("fault_since"), Now()),
    }


def is_broken(address: IntakeAddress) -> bool:
    """Return whether the mapping of an address is wrong, as far as what arrived can tell."""
    is_sure = address.fault == IntakeFault.FIELD_MISSING
    return bool(address.fault) and (is_sure or address.fault_count >= MOST_BY_CHANCE)


def _masked(answers: Sequence[Answer]) -> list[list[str]]:
    shown = [answer for answer in answers if len(answer.path) <= LONGEST_FIELD][:MOST_ANSWERS]
    texts = mask({answer.path: answer.text for answer in shown})
    return [
        [a.path, mask_text(a.label[:LONGEST_LABEL]), a.kind[:LONGEST_FIELD], texts[a.path]]
        for a in shown
        if a.path in texts
    ]


def latest(address: IntakeAddress) -> list[ArrivedBody]:
    """Return the bodies that are kept of an address, newest first, with `read` and `has_lead`."""
    rows = address.arrivals.filter(arrived_at__gt=Now() - KEPT_FOR)
    found = list(rows.order_by("-arrived_at", "-id"))
    wanted = {row.lead_id for row in found if row.lead_id}
    leads = address.workspace.leads.accepted().filter(pk__in=wanted)
    known = set(leads.values_list("pk", flat=True)) if wanted else set()
    for row in found:
        row.has_lead = row.lead_id in known
        row.read = answers_of(row)
    return found


def answers_of(body: ArrivedBody) -> list[Answer]:
    """Return the answers of a body that was kept, each as one text."""
    return [
        Answer(path, (text,) if text else (), label, kind)
        for path, label, kind, text in body.answers
    ]


def forget(
    workspace: Workspace,
    lead_id: uuid.UUID,
    *,
    spellings: Collection[str],
    request_ids: Collection[str],
) -> None:
    """Erase the bodies that are about a person. spellings: every phone that may be theirs."""
    known = {request_id for request_id in request_ids if request_id}
    for body in ArrivedBody.objects.filter(address__workspace=workspace):
        is_known = body.lead_id == lead_id or body.request_id in known
        if is_known or _names(body, spellings, workspace.default_country):
            body.delete()


def _names(body: ArrivedBody, spellings: Collection[str], country: str) -> bool:
    """Return whether one of the answers of a body is a phone of a person."""
    for _, _, _, text in body.answers:
        if sum(map(str.isdigit, text[: PHONE.longest])) < FEWEST_DIGITS:
            continue
        try:
            number = phones.read(text, country=country)
        except phones.BadPhone:
            continue
        if not set(spellings).isdisjoint([number.number, *number.older_spellings]):
            return True
    return False


def forget_old() -> int:
    """Erase the bodies of more than a week ago. Return how many. Safe at any time."""
    return ArrivedBody.objects.filter(arrived_at__lte=Now() - KEPT_FOR).delete()[0]
