"""What must hold of every lead, whoever writes it: the database refuses the rest."""

from django.db import models
from django.db.models import Q

from leads.intake import submission
from leads.models.lead.codes import ClosedAs, HeldBecause, LastOutcome, LeadStatus, StatusReason
from workspaces.models import Channel

CONSTRAINTS = [
    models.UniqueConstraint(fields=["workspace", "phone"], name="lead_phone_unique"),
    models.CheckConstraint(
        condition=Q(phone__regex=f"^{submission.PHONE_FORM}$"), name="lead_phone_form"
    ),
    models.CheckConstraint(condition=~Q(name=""), name="lead_name_given"),
    models.CheckConstraint(condition=Q(status__in=LeadStatus.values), name="lead_status_known"),
    models.CheckConstraint(
        condition=Q(status_reason__in=["", *StatusReason.values]),
        name="lead_status_reason_known",
    ),
    models.CheckConstraint(
        condition=Q(held_because__in=["", *HeldBecause.values]),
        name="lead_held_because_known",
    ),
    models.CheckConstraint(
        condition=Q(last_outcome__in=["", *LastOutcome.values]),
        name="lead_last_outcome_known",
    ),
    models.CheckConstraint(condition=Q(channel__in=Channel.values), name="lead_channel_known"),
    models.CheckConstraint(
        condition=Q(came_by__in=submission.CameBy.values), name="lead_came_by_known"
    ),
    models.CheckConstraint(
        condition=Q(closed_as__in=["", *ClosedAs.values]), name="lead_closed_as_known"
    ),
    models.CheckConstraint(
        condition=Q(closed_as="", closed_at=None) | (~Q(closed_as="") & Q(closed_at__isnull=False)),
        name="lead_closed_at_a_moment",
    ),
    models.CheckConstraint(
        condition=Q(next_step="", next_step_on=None)
        | (~Q(next_step="") & Q(next_step_on__isnull=False)),
        name="lead_next_step_has_a_day",
    ),
]
