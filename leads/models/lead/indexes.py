"""Which reads of leads the database has an index for, and which one each of them serves."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from leads.models.source import source

INDEXES = [
    # The leads page: newest first within a workspace.
    models.Index(fields=["workspace", "-created_at", "-id"], name="lead_newest"),
    # ... filtered by status: one that is rare must not be searched for.
    models.Index(fields=["workspace", "status", "-created_at", "-id"], name="lead_status_newest"),
    # ... filtered by owner; and whose leads become nobody's when a member leaves.
    models.Index(
        fields=["owner", "-created_at", "-id"],
        condition=Q(owner__isnull=False),
        name="lead_of_owner",
    ),
    # ... filtered by how they ended.
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=~Q(closed_as=""),
        name="lead_closed_newest",
    ),
    # Waiting for a person: what is not closed, and not planned for a day.
    models.Index(
        fields=["workspace", "owner"],
        condition=Q(status="needs_human", closed_as="", next_step_on=None),
        name="lead_waiting",
    ),
    # ... and next steps that are due.
    models.Index(
        fields=["workspace", "next_step_on"],
        condition=Q(closed_as="", next_step_on__isnull=False),
        name="lead_next_step",
    ),
    # ... filtered by source, which may be rare.
    models.Index(
        "workspace",
        source(),
        F("created_at").desc(),
        F("id").desc(),
        name="lead_source_newest",
    ),
    # The few tests of a workspace: what figures leave out, and the latest one.
    models.Index(fields=["workspace", "-created_at"], condition=Q(is_test=True), name="lead_tests"),
    # The few that a rule of the workspace holds.
    models.Index(
        fields=["workspace", "held_because", "-created_at"],
        condition=~Q(held_because=""),
        name="lead_held",
    ),
    # ... filtered by those whose plan is over, and nobody was reached.
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=Q(unreached_at__isnull=False),
        name="lead_unreached",
    ),
    # The tabs of what is open: appointments, and those who were not reached.
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=Q(status="booked", closed_as=""),
        name="lead_booked_open",
    ),
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=Q(unreached_at__isnull=False, closed_as=""),
        name="lead_unreached_open",
    ),
    # ... filtered by what the last call came to, which may be rare; also by none at all.
    models.Index(
        fields=["workspace", "last_outcome", "-created_at", "-id"],
        name="lead_outcome_newest",
    ),
    # ... filtered by who was contacted, and who was reached: both may be rare.
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=Q(first_contact_at__isnull=False),
        name="lead_contacted_newest",
    ),
    models.Index(
        fields=["workspace", "-created_at", "-id"],
        condition=Q(reached_at__isnull=False),
        name="lead_reached_newest",
    ),
    # The overview: the appointments that come next.
    models.Index(
        fields=["workspace", "booking_start"],
        condition=Q(booking_start__isnull=False),
        name="lead_appointments",
    ),
    # ... sorted by name.
    models.Index("workspace", Lower("name"), "id", name="lead_by_name"),
    # ... sorted by last activity.
    models.Index(
        "workspace",
        Coalesce("last_active_at", "created_at").desc(),
        F("id").desc(),
        name="lead_last_active",
    ),
]
