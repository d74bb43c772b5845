"""A log row for people: what its error means and what to do about it."""

import json
from dataclasses import dataclass

from coachbot.http import errors
from coachbot.http.errors import ErrorKind
from coachbot.providers.vapi import errors as vapi_errors
from workspaces.log import record
from workspaces.models import LogEntry, LogKind, Outcome, Workspace

API_ERRORS = {kind.error: kind for kind in vars(errors).values() if isinstance(kind, ErrorKind)}
DISPATCH_STATUS = errors.VOICE_DISPATCH_FAILED.status


@dataclass(frozen=True)
class Explanation:
    """What an error usually means and how to fix it; where, if that is on a page of ours."""

    title: str
    meaning: str
    fix: str
    is_in_settings: bool = False


def explain(entry: LogEntry) -> Explanation | None:
    """Return the error of a row in plain words; None where nothing went wrong."""
    if not entry.error or entry.outcome == Outcome.SUCCEEDED:
        return None
    if entry.kind == LogKind.API_REQUEST and entry.status_code != DISPATCH_STATUS:
        return _explain_api_error(entry.error)
    if entry.kind == LogKind.PROVIDER_REQUEST and entry.action.startswith("Cal.com"):
        return _explain_calcom_error(entry)
    if entry.kind in (LogKind.API_REQUEST, LogKind.PROVIDER_REQUEST) or _is_call(entry):
        status = entry.status_code if entry.kind == LogKind.PROVIDER_REQUEST else None
        cause = vapi_errors.explain(entry.error, status)
        return Explanation(cause.title, cause.meaning, cause.fix, cause.is_ours)
    return None


def _explain_calcom_error(entry: LogEntry) -> Explanation:
    match entry.status_code:
        case 401 | 403:
            fix = "Enter a key of the account that hosts the event type."
            return Explanation("Key refused", "Cal.com does not take the API key.", fix, True)
        case 404:
            fix = "Check the id in the settings; the key must be its host's."
            return Explanation("No event type", "Cal.com knows no such event type.", fix, True)
        case 400 | 409 | 422:
            meaning = "Cal.com could not book: the time was taken, or the event type wants more."
            return Explanation("Not booked", meaning, "The raw answer says which of the two it is.")
    meaning = "Cal.com gave no answer that settles it."
    return Explanation("Cal.com out of reach", meaning, "It is looked up by itself. Wait.")


def _is_call(entry: LogEntry) -> bool:
    return entry.kind == LogKind.OPERATOR_ACTION and entry.action == record.CALL_AGAIN


def read(workspace: Workspace, entries: list[LogEntry]) -> None:
    """Put on each row its `explanation`, and `has_lead`: whether its lead is there to see."""
    wanted = {entry.lead_id for entry in entries if entry.lead_id}
    leads = workspace.leads.accepted().filter(pk__in=wanted)
    known = set(leads.values_list("pk", flat=True)) if wanted else set()
    for entry in entries:
        entry.explanation = explain(entry)
        entry.has_lead = entry.lead_id in known


def _explain_api_error(error: str) -> Explanation | None:
    kind = API_ERRORS.get(error) or _DUPLICATE_SENTENCES.get(error)
    return kind and Explanation(kind.error, kind.when, kind.reaction)


# The row of a duplicate carries the message, which says more than the code.
_DUPLICATE_SENTENCES = {
    "A lead with this phone number already exists in the workspace.": errors.DUPLICATE_PHONE
}


def pretty(data) -> str:
    """Return JSON-like data as indented text. It is not HTML: templates escape it."""
    if data is None or isinstance(data, str):
        return _pretty_text(data or "")
    return json.dumps(data, indent=2, ensure_ascii=False)


def _pretty_text(text: str) -> str:
    """Indent text that is JSON, as providers' error bodies often are."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
