"""A log row for people: what its error means and what to do about it."""

import json
from dataclasses import dataclass

from coachbot.http import errors
from coachbot.providers.calcom import errors as calcom_errors
from coachbot.providers.channels import errors as channel_errors
from coachbot.providers.openai import errors as openai_errors
from coachbot.providers.twilio import errors as twilio_errors
from coachbot.providers.vapi import errors as vapi_errors
from workspaces.models import LogEntry, Outcome, Workspace

CAUSES = {
    "vapi": vapi_errors.CAUSES,
    "calcom": calcom_errors.CAUSES,
    "twilio": twilio_errors.CAUSES,
    "openai": openai_errors.CAUSES,
    "channel": channel_errors.CAUSES,
}
# What is not put right at the account; only rows of older releases have these.
IN_LIMITS = dict.fromkeys(("vapi.workspace_daily_limit", "vapi.country_not_allowed"), "limits")


@dataclass(frozen=True)
class Explanation:
    """What an error usually means and how to fix it. section: of the settings, if it is there."""

    title: str
    meaning: str
    fix: str
    section: str = ""


def explain(entry: LogEntry) -> Explanation | None:
    """Return the error of a row in plain words; None where nothing went wrong, or no table says."""
    if not entry.error_code or entry.outcome == Outcome.SUCCEEDED:
        return None
    if kind := errors.BY_CODE.get(entry.error_code):
        return Explanation(kind.error, kind.when, kind.reaction)
    provider = entry.error_code.partition(".")[0]
    causes = CAUSES.get(provider)
    if causes is None:
        return None
    cause = causes.explain(entry.error_code)
    section = IN_LIMITS.get(entry.error_code, provider) if cause.is_ours else ""
    return Explanation(cause.title, cause.meaning, cause.fix, section)


def read(workspace: Workspace, entries: list[LogEntry]) -> None:
    """Put on each row its `explanation`, and its `lead` where that is there to see."""
    wanted = {entry.lead_id for entry in entries if entry.lead_id}
    leads = workspace.leads.accepted().only("name", "phone").in_bulk(wanted) if wanted else {}
    for entry in entries:
        entry.explanation = explain(entry)
        entry.lead = leads.get(entry.lead_id)


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
