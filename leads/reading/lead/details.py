"""Everything that the page of one lead shows, and the version by which it is asked for anew."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from leads.contact import gate
from leads.intake_addresses import evidence
from leads.intake_addresses.evidence import Evidence
from leads.models import Call, LaterSubmission, Lead
from leads.operators import calling
from leads.reading import inquiry
from leads.reading.lead import timeline, upcoming
from leads.reading.lead.outcome import Outcome, read_outcome
from leads.reading.lead.transcript import Turn, read_turns

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
    evidence: what was agreed to, of a lead that came by the address of a form.
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


def read_details(lead: Lead) -> LeadDetails:
    """Return all there is to show of a lead."""
    calls = list(lead.calls.order_by("-created_at"))
    for call in calls:
        call.lead = lead
    entries, activities = timeline.entries_of(lead), timeline.activities_of(lead)
    later = list(lead.later_submissions.order_by("-place"))
    why_not = calling.why_not_call(lead)
    followed = inquiry.follow_up_of(lead, calls)
    held = followed.held_because if followed else None
    return LeadDetails(
        outcome=read_outcome(lead, calls, entries, may_call=not why_not),
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
    )


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
    seen = (lead.updated_at, newest.first(), list(calls), step, held, role)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


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
