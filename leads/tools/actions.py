"""The six tools: each takes a Task and returns a Reply, and never raises for what a model sent."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from leads import calls
from leads.models import Lead, LeadStatus
from leads.tools.calendar_tools import book_consult, list_slots
from leads.tools.replies import Reply, Task, refuse

LONGEST_GOAL = 2_000
LONGEST_DETAIL = 1_000
LONGEST_NOTES = 4_000
DETAILS = ("budget", "schedulePref", "fitnessLevel")


def update_lead_profile(task: Task) -> Reply:
    """Keep what the agent learnt about the lead: the goal, and its profile."""
    read = task.arguments.text
    goal = read("goal", longest=LONGEST_GOAL)
    details = {name: read(name, longest=LONGEST_DETAIL) for name in DETAILS}
    details = {name: value for name, value in details.items() if value}
    notes = read("notes", longest=LONGEST_NOTES)
    if not (goal or details or notes):
        return refuse(f"Nothing was saved. Give at least one of goal, {', '.join(DETAILS)}, notes.")
    _write_profile(task.call.lead_id, goal, details, notes)
    return Reply("Saved.")


@transaction.atomic(durable=True)
def _write_profile(lead_id, goal: str, details: Mapping, notes: str) -> None:
    lead = Lead.objects.select_for_update().get(pk=lead_id)
    lead.goal = goal or lead.goal
    lead.profile = {**lead.profile, **details}
    known = lead.profile.get("notes", "")
    if notes and notes not in known:
        lead.profile["notes"] = f"{known}\n{notes}".strip()[:LONGEST_NOTES]
    lead.updated_at = timezone.now()
    lead.save(update_fields=["goal", "profile", "updated_at"])


def mark_unqualified(task: Task) -> Reply:
    """Set the lead to `unqualified`, with the reason."""
    reason = task.arguments.text("reason", longest=LONGEST_DETAIL)
    if not reason:
        return refuse("Say in one sentence as reason why the lead does not qualify.")
    if calls.raise_status(task.call.lead_id, LeadStatus.UNQUALIFIED, notes=reason):
        return Reply("Noted. Thank the lead, and end the call politely.")
    return Reply("Noted. The lead keeps the status that was set before. End the call politely.")


def escalate_to_human(task: Task) -> Reply:
    """Set the lead to `needs_human`, with the reason."""
    reason = task.arguments.text("reason", longest=LONGEST_DETAIL)
    notes = reason or "The agent asked for a person and gave no reason."
    calls.raise_status(task.call.lead_id, LeadStatus.NEEDS_HUMAN, notes=notes)
    return Reply("Noted. Tell the lead that a person of the team will get in touch soon.")


def end_conversation(task: Task) -> Reply:
    """Let the assistant end the call: Coachbot keeps no handle on it that could."""
    return Reply("Say goodbye in one short sentence, then end the call.")


ACTIONS: Mapping[str, Callable[[Task], Reply]] = {
    "updateLeadProfile": update_lead_profile,
    "listSlots": list_slots,
    "bookConsult": book_consult,
    "markUnqualified": mark_unqualified,
    "escalateToHuman": escalate_to_human,
    "endConversation": end_conversation,
}
