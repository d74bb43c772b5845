"""How the list of leads is sorted. Each order is that of an index; see Lead.Meta and Step.Meta."""

from django.db import models
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Lower

from coachbot.db.keyset import DAYS, MOMENTS, NEWEST, TEXTS, Order
from leads.models import StepState
from workspaces.models import Workspace


class Sort(models.TextChoices):
    """What the list is sorted by."""

    NEWEST = "newest", "Newest first"
    ACTIVE = "active", "Last activity"
    NAME = "name", "Name"
    NEXT_CALL = "next_call", "Next call"
    NEXT_STEP = "next_step", "Next step"


ORDERS = {
    Sort.NEWEST: NEWEST,
    Sort.ACTIVE: Order("active_at", MOMENTS),
    Sort.NAME: Order("name_key", TEXTS, is_descending=False),
    Sort.NEXT_CALL: Order("next_call_at", MOMENTS, is_descending=False),
    Sort.NEXT_STEP: Order("next_step_on", DAYS, is_descending=False),
}
# These list only the leads that have one, and say so.
ONLY_WITH = {
    Sort.NEXT_CALL: "Only leads that are to be called at a known time.",
    Sort.NEXT_STEP: "Only leads with a next step.",
}


def order_of(sort: str) -> Order:
    """Return the order of a sort, the newest first for "" and for what is none."""
    return ORDERS[Sort(sort)] if sort in Sort.values else NEWEST


def words_of(sort: str) -> str:
    """Return what is said of a list that has not all leads for its order, "" of others."""
    return ONLY_WITH.get(Sort(sort), "") if sort in Sort.values else ""


def sortable(workspace: Workspace, leads: QuerySet, sort: str) -> QuerySet:
    """Return leads with what an order goes by; of those of ONLY_WITH, such as have it."""
    match sort:
        case Sort.ACTIVE:
            return leads.annotate(active_at=Coalesce("last_active_at", "created_at"))
        case Sort.NAME:
            return leads.annotate(name_key=Lower("name"))
        case Sort.NEXT_CALL:
            # One join: a lead has one planned step at most.
            planned = leads.filter(
                steps__workspace=workspace,
                steps__state=StepState.PLANNED,
                steps__due_at__isnull=False,
            )
            return planned.annotate(next_call_at=F("steps__due_at"))
        case Sort.NEXT_STEP:
            return leads.filter(next_step_on__isnull=False, closed_as="")
    return leads
