"""Everything that the page of one lead shows, and the version by which it is asked for anew."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from coachbot.db import clock
from leads.contact import gate
from leads.intake_addresses import evidence
from leads.intake_addresses.evidence import Evidence
from leads.messages import window
from leads.models import Activity, Call, Conversation, LaterSubmission, Lead
from leads.operators import calling
from leads.reading.lead import timeline, upcoming
from leads.reading.lead.composing import Composing, read_composing
from leads.reading.lead.outcome import Outcome, read_outcome
from leads.reading.lead.thread import Thread, read_thread
from leads.reading.lead.transcript import Turn, read_turns
from leads.snapshot import inquiry
from workspaces.models import Channel

# What the agent's tools call the parts of a profile, in words.
LABELS = {
    "goal": "Goal",
    "email": "E-mail",
    "budget": "Budget",
    "schedulePref": "Suitable times",
    "fitnessLevel": "Fitness",
    "notes": "Notes",
}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class CallDetails:
    """A call with what was said in it. cost: in words, "" where Vapi has not told it."""

    call: Call
    turns: Sequence[Turn]
    cost: str


@dataclass(frozen=True)
class Messages:
    """What was written with a lead, and what may be written now. is_waiting: whether the lead's
    last words wait for an answer.
    """

    thread: Thread
    composing: Composing
    is_waiting: bool


@dataclass(frozen=True)
class Written:
    """What a person wrote, once: pairs of what it is called, or was asked, and the text.

    again: the later submission that it is; None for the lead itself.
    """

    facts: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, str]]
    metadata: Sequence[tuple[str, str]]
    again: LaterSubmission | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.answers or self.metadata)


@dataclass(frozen=True)
class LeadDetails:
    """The parts of the page.

    why_not_call: the sentence that says why the lead must not be called now, "" where it may be.
    follow_up: how far it is followed, None where it is not; held: why it is not called now;
    coming: the next contact; clock: in which zone the lead is.
    later: what was written again, the latest first. learnt: label and text.
    evidence: what was agreed to, of a lead that came by the address of a form. messages: None of a
    lead that is called.
    """

    outcome: Outcome
    why_not_call: str
    calls: Sequence[CallDetails]
    written: Written
    later: Sequence[Written]
    learnt: Sequence[tuple[str, str]]
    timeline: Sequence[timeline.Moment]
    follow_up: inquiry.FollowUp | None
    held: str
    coming: upcoming.Coming | None
    clock: upcoming.LeadClock
    evidence: Evidence | None
    messages: Messages | None


def read_details(lead: Lead) -> LeadDetails:
    """Return all there is to show of a lead."""
    calls = list(lead.calls.order_by("-created_at"))
    for call in calls:
        call.lead = lead
    entries, activities = timeline.entries_of(lead), timeline.activities_of(lead)
    later = list(lead.later_submissions.order_by("-place"))
    why_not = calling.why_not_call(lead)
    followed = upcoming.follow_up_of(lead, calls)
    held = followed.held_because if followed else None
    messages = _messages(lead, activities) if lead.workspace.is_whatsapp else None
    held_back = messages.composing.why_not if messages else why_not
    return LeadDetails(
        outcome=read_outcome(lead, calls, entries, may_contact=not held_back),
        why_not_call=why_not,
        calls=[CallDetails(call, read_turns(call), _money(call.cost)) for call in calls],
        written=_written(lead),
        later=[_written(again, again) for again in later],
        learnt=[(LABELS.get(name, name), text) for name, text in lead.profile.items()],
        timeline=timeline.timeline(lead, calls, entries, later, activities),
        follow_up=followed,
        held=gate.sentence(lead, held) if held else "",
        coming=_coming(lead, followed),
        clock=upcoming.clock_of(lead),
        evidence=evidence.of_lead(lead),
        messages=messages,
    )


def _messages(lead: Lead, activities: Sequence[Activity]) -> Messages:
    conversation = conversation_of(lead)
    return Messages(
        thread=read_thread(lead, conversation, activities),
        composing=read_composing(lead, conversation, clock.now()),
        is_waiting=conversation is not None and conversation.waiting_since is not None,
    )


def conversation_of(lead: Lead) -> Conversation | None:
    """Return the written conversation with a lead; None where there is none yet."""
    found: Conversation | None = lead.conversations.filter(channel=Channel.WHATSAPP).first()
    return found


def _coming(lead: Lead, followed: inquiry.FollowUp | None) -> upcoming.Coming | None:
    if followed is None:
        return None
    return upcoming.coming(lead, made=followed.attempts_made, planned=followed.attempts_planned)


def version_of(lead: Lead, role: str) -> str:
    """Return a word that changes with what the page shows to members of a role.

    Whatever happens to a lead writes a log row, after the fact: so read the version before the
    details. The calls are looked at as well, as the log may have been out of reach.
    """
    newest = lead.workspace.log.filter(lead_id=lead.pk).order_by("-id").values_list("pk", flat=True)
    calls = lead.calls.order_by("created_at").values_list("pk", "status", "ended_at", "cost")
    step = lead.steps.planned().values_list("due_at", "held_because").first()
    held = gate.rule_against(lead)
    seen = (lead.updated_at, newest.first(), list(calls), step, held, role, _written_so_far(lead))
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _written_so_far(lead: Lead) -> object:
    """Return what changes with each message, with what becomes of one, and with the window."""
    if not lead.workspace.is_whatsapp or (found := conversation_of(lead)) is None:
        return None
    statuses = found.messages.order_by().values_list("status").annotate(Count("pk"))
    is_open = window.is_open(found, clock.now())
    return sorted(statuses), found.tool_calls.count(), found.waiting_since is None, is_open


def _written(by: Lead | LaterSubmission, again: LaterSubmission | None = None) -> Written:
    facts = [("Name", by.name), ("E-mail", by.email)] if again else []
    facts.append(("Goal", by.goal))
    return Written(
        facts=[(label, text) for label, text in facts if text],
        answers=by.answers,
        metadata=_texts(by.metadata),
        again=again,
    )


def _texts(metadata: Mapping) -> list[tuple[str, str]]:
    """Return the caller's own JSON as text: strings as they are, the rest as JSON."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in metadata.items()
    ]


def _money(cost: Decimal | None) -> str:
    if cost is None:
        return ""
    return f"${cost:.2f}" if cost >= CENT or not cost else f"${cost:.4f}"
