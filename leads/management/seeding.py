"""Made-up leads, what was said with them, and log rows: for pages, and how they grow."""

import itertools
import random
import uuid
from datetime import datetime, timedelta

from leads.calls import outcomes
from leads.management import written
from leads.models import Call, CallStatus, Lead, LeadStatus
from workspaces.models import Channel, LogEntry, LogKind, Outcome, Workspace

BATCH = 2_000
FIRST = ("Jane", "Omar", "Lucía", "Piotr", "Aiko", "Grace", "Nadia", "Björn", "Ravi", "Zoë")
LAST = ("Doe", "Haddad", "Moreno", "Nowak", "Tanaka", "O'Brien", "Petrov", "Dubois", "Iyer")
GOALS = (
    "Lose 5 kg before summer",
    "Run a first half-marathon",
    "Get rid of back pain",
    "",
)
SOURCES = ("google", "newsletter", "instagram")
REASONS = ("customer-ended-call", "assistant-ended-call", "customer-did-not-answer", "voicemail")
SUMMARY = "{name} wants to start within two weeks, prefers mornings, and asked for the price."
TRANSCRIPT = (
    "AI: Hi, is this {name}? You asked us to call about coaching.\n"
    "User: Yes, that was quick!\n"
    "AI: What would you like to achieve?\n"
    "User: I want to run a half-marathon in spring.\n"
    "AI: Great. Shall we find a time for a first talk?\n"
    "User: Tuesday at ten would be good.\n"
)
STATUS_WEIGHTS = {
    LeadStatus.NEW: 30,
    LeadStatus.IN_CONVERSATION: 30,
    LeadStatus.BOOKED: 25,
    LeadStatus.UNQUALIFIED: 12,
    LeadStatus.NEEDS_HUMAN: 3,
}
REFUSED = (
    "Couldn't Get Assistant. `assistantId` 5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01 Does Not Exist."
)
VAPI_BODY = f'{{"message":"{REFUSED}","error":"Bad Request","statusCode":400}}'
VAPI_ERROR = f"Vapi /call failed (400): {VAPI_BODY}"


def seed(
    workspace: Workspace, *, leads: int, rows: int, days: float, now: datetime, first: int = 0
) -> None:
    """Insert leads with a call or conversation each, and log rows, over the days before `now`.

    first: number of the first phone, so that a workspace can be seeded twice. The same
    arguments make the same people.
    """
    chance = random.Random(f"{workspace.pk}:{first}")
    ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(leads)]
    span = timedelta(days=days)
    is_written = workspace.channel == Channel.WHATSAPP
    for start in range(0, leads, BATCH):
        numbers = range(start, min(start + BATCH, leads))
        made = [
            _lead(workspace, ids[n], first + n, now - span * (n + 1) / (leads + 1), chance)
            for n in numbers
        ]
        calls = [] if is_written else [_call(lead, chance) for lead in made]
        if is_written:
            written.note_contacts(made)
        Lead.objects.bulk_create(made)
        if is_written:
            written.seed(made, chance)
        else:
            Call.objects.bulk_create(calls)
    for start in range(0, rows, BATCH):
        LogEntry.objects.bulk_create(
            _row(workspace, chance.choice(ids), now - span * (n + 1) / (rows + 1), chance)
            for n in range(start, min(start + BATCH, rows))
        )


def _lead(workspace, lead_id, number: int, at: datetime, chance) -> Lead:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    [status] = chance.choices(list(STATUS_WEIGHTS), STATUS_WEIGHTS.values())
    booked = status == LeadStatus.BOOKED
    return Lead(
        id=lead_id,
        workspace=workspace,
        channel=workspace.channel,
        name=f"{first} {last}",
        phone=f"+4479{number:08d}",
        email=f"{first}.{last}{number}@example.com".lower().replace("'", ""),
        goal=chance.choice(GOALS),
        metadata={"campaign": "spring", "page": "/start", "utm_source": SOURCES[number % 3]},
        form_responses={"How often do you train?": "Twice a week"},
        status=status,
        qualification_notes="Asked for a person." if status == LeadStatus.NEEDS_HUMAN else "",
        booking_uid=f"booking-{number}" if booked else "",
        booking_start=at + timedelta(days=3) if booked else None,
        consent_at=at,
        consent_source="api_key:1a2b3c4d",
        consent_address="203.0.113.7",
        request_id=uuid.UUID(int=chance.getrandbits(128)).hex,
        accepted_at=at,
        created_at=at,
    )


def _call(lead: Lead, chance) -> Call:
    answered = lead.status != LeadStatus.NEW
    rung = lead.created_at + timedelta(seconds=1)
    started = rung + timedelta(seconds=9) if answered else None
    ended = rung + timedelta(seconds=chance.randint(40, 400))
    call = Call(
        workspace_id=lead.workspace_id,
        lead=lead,
        status=CallStatus.ENDED,
        vapi_call_id=str(uuid.UUID(int=chance.getrandbits(128))),
        lease_until=rung,
        conclusive_at=rung,
        dialed_at=rung,
        started_at=started,
        ended_at=ended,
        ended_reason=chance.choice(REASONS[:2] if answered else REASONS[2:]),
        summary=SUMMARY.format(name=lead.name) if answered else "",
        transcript=TRANSCRIPT.format(name=lead.name) if answered else "",
        used_budget=True,
        request_id=lead.request_id,
        created_at=lead.created_at,
    )
    lead.last_outcome, lead.last_active_at = outcomes.outcome_of(call), ended
    lead.first_contact_at = outcomes.first_contact([call])
    lead.reached_at = outcomes.first_reached([call])
    return call


_kinds = itertools.cycle((LogKind.API_REQUEST, LogKind.PROVIDER_REQUEST, LogKind.PROVIDER_EVENT))


def _row(workspace, lead_id, at: datetime, chance) -> LogEntry:
    kind = next(_kinds)
    failed = kind != LogKind.PROVIDER_EVENT and chance.random() < 0.02
    actions = {
        LogKind.API_REQUEST: ("POST /api/public/leads", 502 if failed else 201),
        LogKind.PROVIDER_REQUEST: ("Vapi POST /call", 400 if failed else 201),
        LogKind.PROVIDER_EVENT: ("Vapi status-update", 200),
    }
    action, status = actions[kind]
    refused = Outcome.FAILED if kind == LogKind.API_REQUEST else Outcome.REFUSED
    return LogEntry(
        workspace=workspace,
        created_at=at,
        kind=kind,
        action=action,
        outcome=refused if failed else Outcome.SUCCEEDED,
        status_code=status,
        duration_ms=chance.randint(20, 900),
        request_id=uuid.UUID(int=chance.getrandbits(128)).hex,
        lead_id=lead_id,
        error=VAPI_ERROR if failed else "",
        request={"name": "Jane Doe", "phone": "+447900000000", "consent": True},
        response=VAPI_BODY if failed else {"ok": True},
    )
