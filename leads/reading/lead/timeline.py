"""The story of a lead: its log rows, and what its own rows know, in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime

from coachbot.providers.reading import fields, moment
from leads.contact import gate
from leads.models import Activity, Call, LaterSubmission, Lead
from leads.reading.lead import activity_words
from workspaces.log import explain
from workspaces.log.actions import Action
from workspaces.models import LogEntry, LogKind, Outcome

# A lead with more rows than this has a story that nobody reads to the end.
MOST_ROWS = 200
# A call is in the log right before or after it is among the activities.
A_MOMENT = timedelta(seconds=5)
MINUTE = "D j M Y, H:i e"


@dataclass(frozen=True)
class Moment:
    """One thing that happened. tone: `good`, `bad`, `open` or `plain`, for its mark."""

    at: datetime
    title: str
    detail: str = ""
    tone: str = "plain"
    entry: LogEntry | None = None


# Plain words for what is logged most, by the code of the row.
TITLES = {
    "api.create_lead": "Request answered",
    "form.submit": "The form was sent",
    "vapi.create_call": "Vapi was asked to call",
    "vapi.list_calls": "Vapi was asked whether the call exists",
    "vapi.get_call": "Vapi was asked how the call went",
    "vapi.status_update": "Vapi told of the call's course",
    "vapi.end_of_call_report": "Vapi reported on the call",
    "vapi.assistant_request": "The lead rang",
    "vapi.transfer_destination_request": "The agent asked whom to put the lead through to",
    "vapi.tool_calls": "The agent began to act",
    "tool.updateLeadProfile": "The agent noted what it learnt",
    "tool.listSlots": "The agent asked for free times",
    "tool.bookConsult": "The agent asked for an appointment",
    "tool.scheduleCallback": "The agent was asked to call back",
    "tool.markUnqualified": "The agent found the lead unqualified",
    "tool.escalateToHuman": "The agent asked for a person",
    "tool.optOut": "The agent put the number on the do-not-call list",
    "tool.endConversation": "The agent said goodbye",
    "twilio.send_template": "Twilio was asked to send a template",
    "twilio.send_text": "Twilio was asked to send a message",
    "twilio.fetch_message": "Twilio was asked what became of a message",
    "twilio.list_messages": "Twilio was asked whether a message was sent",
    "twilio.inbound": "The lead wrote",
    "twilio.status": "Twilio told how far a message came",
    "openai.complete": "The language model was asked",
    "agent.failed": "The agent could not answer",
    "calcom.list_slots": "Cal.com was asked for free times",
    "calcom.create_booking": "Cal.com was asked to book",
    "calcom.list_bookings": "Cal.com was asked whether the booking exists",
    "calcom.get_booking": "Cal.com was asked about the appointment",
    "calcom.booking_requested": "The appointment waits for the host's confirmation",
    "calcom.booking_made": "The appointment stands",
    "calcom.booking_moved": "The appointment was moved",
    "calcom.booking_to_be_moved": "The host asked for another time",
    "calcom.booking_cancelled": "The appointment was cancelled",
    "calcom.booking_rejected": "The host did not confirm the appointment",
    "calcom.booking_no_show": "The appointment was missed",
}
# Log rows that hold when an appointment was, and when it is by now.
OF_APPOINTMENT = "calcom.booking_"
# Log rows of what the lead's activities tell as well; those that went wrong stay.
TOLD = (
    *(Action.CALL_LEAD, Action.CALL_TEST_LEAD, Action.TAKE_OVER_LEAD, Action.HAND_BACK_LEAD),
    *(Action.ASSIGN_LEAD, Action.CLOSE_LEAD, Action.REOPEN_LEAD, Action.NOTE_LEAD),
    *(Action.SET_NEXT_STEP, Action.END_NEXT_STEP, Action.STOP_FOLLOW_UP),
    *(Action.SKIP_ATTEMPT, Action.PLAN_CALLBACK, Action.WRITE_TO_LEAD),
)
TONES = {"succeeded": "good", "refused": "bad", "failed": "bad", "unclear": "open"}


def timeline(
    lead: Lead,
    calls: Sequence[Call],
    entries: Sequence[LogEntry],
    later: Sequence[LaterSubmission],
    activities: Sequence[Activity],
) -> list[Moment]:
    """Return what happened with a lead, the earliest first.

    calls, entries, later, activities: all of the lead's.
    """
    moments = [_received(lead), _checked(lead, calls)]
    moments += map(_of_activity, activities)
    moments += [_of_entry(entry) for entry in entries if not _is_told(entry, activities)]
    moments += [Moment(again.created_at, "The lead wrote again", tone="open") for again in later]
    for call in calls:
        moments += _of_call(call)
    return sorted(moments, key=lambda moment: moment.at)


def _received(lead: Lead) -> Moment:
    source = f"Through {lead.came_through}." if lead.came_through else ""
    return Moment(lead.created_at, "Lead received", source)


def _checked(lead: Lead, calls: Sequence[Call]) -> Moment:
    nothing = " Nobody was called." if lead.workspace.is_voice else ""
    outcome = "" if calls else nothing
    if lead.held_because:
        outcome = f"{nothing or ' Nothing was sent.'} {gate.sentence(lead, lead.held_because)}"
    return Moment(
        lead.created_at,
        "Checks passed",
        f"Consent given, phone valid, and no other lead has it.{outcome}",
        "good",
    )


def _of_activity(activity: Activity) -> Moment:
    title, detail = activity_words.title(activity), activity_words.detail(activity)
    return Moment(activity.created_at, title, detail)


def _is_told(entry: LogEntry, activities: Sequence[Activity]) -> bool:
    """Tell whether an activity says the same. Those of before the first are of an older release."""
    if not activities or entry.kind != LogKind.OPERATOR_ACTION:
        return False
    is_newer = entry.created_at >= activities[-1].created_at - A_MOMENT
    return is_newer and entry.code in TOLD and entry.outcome == Outcome.SUCCEEDED


def activities_of(lead: Lead) -> list[Activity]:
    """Return what members did with a lead, the latest first."""
    return list(lead.activities.order_by("-created_at", "-pk")[:MOST_ROWS])


def entries_of(lead: Lead) -> list[LogEntry]:
    """Return the log rows of a lead without what was sent and came back, the latest first."""
    of_lead = Q(lead_id=lead.pk)
    if lead.request_id:
        of_lead |= Q(lead_id=None, request_id=lead.request_id)
    rows = lead.workspace.log.filter(of_lead).defer("request", "response")
    return list(rows.order_by("-created_at", "-pk")[:MOST_ROWS])


def _of_entry(entry: LogEntry) -> Moment:
    entry.explanation = explain.explain(entry)
    begun = entry.created_at
    if entry.kind == LogKind.PROVIDER_REQUEST and entry.duration_ms:
        # Rows are written at the end; a request belongs where it began.
        begun -= timedelta(milliseconds=entry.duration_ms)
    title, detail = TITLES.get(entry.code, entry.action), ""
    if entry.code.startswith(OF_APPOINTMENT):
        detail = _times(entry)
    return Moment(begun, title, detail, TONES[entry.outcome], entry)


def _times(entry: LogEntry) -> str:
    """Return when an appointment was to begin, and when it is: `From ... to ...`."""
    told = fields(entry.response)  # asked for now, of these few rows alone
    start, was = moment(told.get("start")), moment(told.get("was"))
    if start is None:
        return ""
    now = f"{date_format(localtime(start), MINUTE)}"
    return f"From {date_format(localtime(was), MINUTE)} to {now}" if was and was != start else now


def _of_call(call: Call) -> list[Moment]:
    moments = []
    if call.started_at:
        moments.append(Moment(call.started_at, "Call answered", tone="good"))
    if call.ended_at:
        title = f"Call ended. {call.ending.title}"
        moments.append(Moment(call.ended_at, title, call.ending.sentence))
    return moments
