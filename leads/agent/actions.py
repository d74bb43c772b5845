"""The tools: each takes a Task and returns a Reply, and never raises for what a model sent."""

from collections.abc import Callable, Mapping

from leads import status
from leads.agent import profiles
from leads.agent.arguments import Arguments
from leads.agent.calendar import book_consult, list_slots
from leads.agent.calling_back import schedule_callback
from leads.agent.profiles import LONGEST_NOTES
from leads.agent.replies import Reply, Task, Words, refuse
from leads.contact.do_not_call import opt_outs
from leads.intake.submission import GOAL
from leads.models import StatusReason, Way

LONGEST_DETAIL = 1_000
DETAILS = ("budget", "schedulePref", "fitnessLevel")
NOTHING = f"Nothing was saved. Give at least one of goal, email, {', '.join(DETAILS)}, notes."

SAVED = "Saved."
NO_REASON = "Say in one sentence as reason why the lead does not qualify."
ESCALATED = "Noted. Tell the lead that a person of the team will get in touch soon."


def update_lead_profile(task: Task) -> Reply:
    """Keep what the agent learnt about the lead, apart from what the lead sent."""
    details, notes = learnt(task.arguments)
    if not (details or notes):
        return refuse(NOTHING)
    profiles.learn(task.lead_id, details, notes)
    return Reply(SAVED)


def learnt(arguments: Arguments) -> tuple[dict[str, str], str]:
    """Return what is said of the lead, and the notes. Raises BadArgument."""
    read = arguments.text
    details = {"goal": read("goal", longest=GOAL.longest), "email": arguments.email("email")}
    details |= {name: read(name, longest=LONGEST_DETAIL) for name in DETAILS}
    said = {name: value for name, value in details.items() if value}
    return said, read("notes", longest=LONGEST_NOTES)


def mark_unqualified(task: Task) -> Reply:
    """Set the lead to `unqualified`, with the reason."""
    reason = task.arguments.text("reason", longest=LONGEST_DETAIL)
    if not reason:
        return refuse(NO_REASON)
    if status.move(task.lead_id, StatusReason.DOES_NOT_QUALIFY, notes=reason):
        return Reply(unqualified(task.words))
    return Reply(
        "Noted. The lead keeps the status that was set before. "
        f"{task.words.end_politely.capitalize()}."
    )


def unqualified(words: Words) -> str:
    """Return what is answered where the lead was noted as one that does not qualify."""
    return f"Noted. Thank the lead, and {words.end_politely}."


def opted_out(words: Words) -> str:
    """Return what is answered where the lead was put on the do-not-call list."""
    return f"Noted. {words.not_again}"


def escalate_to_human(task: Task) -> Reply:
    """Set the lead to `needs_human`, with the reason."""
    reason = task.arguments.text("reason", longest=LONGEST_DETAIL)
    notes = reason or "The agent asked for a person and gave no reason."
    status.move(task.lead_id, StatusReason.AGENT_ESCALATED, notes=notes)
    return Reply(ESCALATED)


def opt_out(task: Task) -> Reply:
    """Put the lead's number on the do-not-call list. No reason is kept: the list holds none."""
    lead = task.conversation.lead
    opt_outs.add(lead.workspace, [lead.phone], way=Way.ASSISTANT)
    return Reply(opted_out(task.words))


def end_conversation(task: Task) -> Reply:
    """Let the assistant end the conversation: Coachbot keeps no handle on a call that could."""
    return Reply(task.words.say_goodbye)


ACTIONS: Mapping[str, Callable[[Task], Reply]] = {
    "updateLeadProfile": update_lead_profile,
    "listSlots": list_slots,
    "bookConsult": book_consult,
    "scheduleCallback": schedule_callback,
    "markUnqualified": mark_unqualified,
    "escalateToHuman": escalate_to_human,
    "optOut": opt_out,
    "endConversation": end_conversation,
}
