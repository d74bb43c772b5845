"""What the page of a lead shows of the work on it: templates/leads/_work.html."""

from typing import Any

from django.forms import Form
from django.utils import timezone

from leads.contact.planned import callbacks
from leads.models import Activity, ActivityCode, ClosedAs, Lead
from leads.reading.lists import NOBODY
from leads.views.lead.work_forms import (
    AssignForm,
    CallBackForm,
    CloseForm,
    NextStepForm,
    NoteForm,
    TemplateForm,
    WriteForm,
)
from workspaces.models import Membership

MOST_NOTES = 100


def work_panel(lead: Lead, membership: Membership, **filled_in: Form) -> dict[str, Any]:
    """Return the context of the panel, as `work`. lead: with its owner's user.

    filled_in: a form that was not right, by its name here.
    """
    forms = {
        "assign": assign_form(lead, membership),
        "step": NextStepForm(initial={"text": lead.next_step, "on": lead.next_step_on}),
        "note": NoteForm(),
        "close": CloseForm(),
        "call_back": call_back_form(lead),
        "write": WriteForm(),
        "write_template": TemplateForm(),
    }
    written = lead.activities.filter(code__in=[ActivityCode.NOTED, ActivityCode.CLOSED])
    activities = list(written.order_by("-created_at", "-pk")[:MOST_NOTES])
    return {
        **{**forms, **filled_in},
        "ends": ClosedAs.choices,
        "is_mine": lead.owner_id == membership.pk,
        "is_step_due": lead.next_step_on is not None and lead.next_step_on <= timezone.localdate(),
        "notes": [activity for activity in activities if activity.code == ActivityCode.NOTED],
        "closing": _closing(lead, activities),
    }


def assign_form(lead: Lead, membership: Membership, data=None) -> AssignForm:
    """Return the form that gives a lead to a member of its workspace."""
    memberships = lead.workspace.memberships.select_related("user").order_by("user__email")
    initial = {"owner": lead.owner_id or NOBODY}
    return AssignForm(data, memberships=list(memberships), me=membership, initial=initial)


def call_back_form(lead: Lead, data=None) -> CallBackForm:
    """Return the form that plans a call-back, in the lead's zone."""
    zone, is_known = callbacks.zone_of(lead, timezone.now())
    whose = "the lead's time" if is_known else "as the lead's zone is not known"
    return CallBackForm(data, zone=zone, whose=f"In {zone.key}, {whose}.")


def _closing(lead: Lead, activities: list[Activity]) -> Activity | None:
    """Return how a closed lead was closed the last time."""
    closings = (activity for activity in activities if activity.code == ActivityCode.CLOSED)
    return next(closings, None) if lead.is_closed else None
