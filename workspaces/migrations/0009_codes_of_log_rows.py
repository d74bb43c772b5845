"""The codes of the rows that are there: what was done, and what an error means.

Until now the sentences themselves decided, so here they are read a last time. In batches, safe
to run again. Rows that a process of the release before writes meanwhile stay without codes.
"""

from django.db import migrations

from coachbot.db.batches import batches

ACTIONS = {
    "POST /api/public/leads": "api.create_lead",
    "Vapi POST /call": "vapi.create_call",
    "Vapi GET /call": "vapi.list_calls",
    "Vapi GET /call/{id}": "vapi.get_call",
    "Vapi GET /call/{id}/mono-recording": "vapi.get_recording",
    "Vapi status-update": "vapi.status_update",
    "Vapi end-of-call-report": "vapi.end_of_call_report",
    "Vapi tool-calls": "vapi.tool_calls",
    "Cal.com GET /slots": "calcom.list_slots",
    "Cal.com POST /bookings": "calcom.create_booking",
    "Cal.com GET /bookings": "calcom.list_bookings",
    "Call lead again": "lead.call",
    "Take over lead": "lead.take_over",
    "Hand lead back": "lead.hand_back",
    "Delete lead": "lead.delete",
    "Export leads": "leads.export",
    "Change name and slug": "workspace.rename",
    "Pause agent": "workspace.pause",
    "Resume agent": "workspace.resume",
    "Change settings": "workspace.change_settings",
    "Change Vapi account": "vapi.connect",
    "Verify Vapi account": "vapi.verify",
    "Change Cal.com account": "calcom.connect",
    "Verify Cal.com account": "calcom.verify",
    "Renew tool secret": "vapi.renew_tool_secret",
    "Create API key": "api_key.create",
    "Revoke API key": "api_key.revoke",
    "Replace API key": "api_key.replace",
    "Add member": "member.add",
    "Change role": "member.change_role",
    "Remove member": "member.remove",
    **{
        f"Tool {name}": f"tool.{name}"
        for name in (
            *("updateLeadProfile", "listSlots", "bookConsult", "markUnqualified"),
            *("escalateToHuman", "endConversation"),
        )
    },
}
API_ERRORS = {
    "Request body must be valid JSON.": "api.invalid_json",
    "Validation failed.": "api.validation_failed",
    "`consent` must be true.": "api.consent_required",
    "A lead with this phone number already exists in the workspace.": "api.duplicate_phone",
    "duplicate_phone": "api.duplicate_phone",
    "Lead not found.": "api.lead_not_found",
    "Workspace not found.": "api.workspace_not_found",
    "Rate limit exceeded. Wait a minute before retrying.": "api.minute_limit",
    "Hourly rate limit exceeded.": "api.hourly_limit",
    "Request body is too large.": "api.payload_too_large",
    "This Idempotency-Key was used with another body. Make a new one.": (
        "api.idempotency_key_reused"
    ),
    "Internal server error.": "api.internal_error",
}
VAPI_WORDS = (
    ("not_connected", ("vapi is not connected",)),
    ("unreadable_credentials", ("a credential was sealed", "does not belong to this workspace")),
    ("workspace_daily_limit", ("daily_call_limit",)),
    ("country_not_allowed", ("allowed_countries",)),
    ("invalid_key", ("invalid key", "missing authorization header", "(401)")),
    ("assistant_missing", ("couldn't get assistant", "assistantid must be a uuid")),
    (
        "phone_number_missing",
        ("couldn't get phone number", "phonenumberid must be a uuid", "`phonenumber`"),
    ),
    ("vapi_daily_limit", ("daily outbound call limit",)),
    ("cannot_dial_out", ("can't dial outbound",)),
    ("concurrency", ("concurrency",)),
    ("trial_account", ("trial accounts",)),
    ("no_balance", ("insufficient", "balance", "wallet", "credits", "(402)")),
    ("bad_number", ("customer.number", "e.164")),
    ("our_request", ("should not exist", "must be shorter than")),
    ("blocked", ("error code: 1010", "(403)")),
    ("rate_limited", ("rate limit exceeded", "(429)")),
    ("too_busy", ("too busy to place",)),
    ("unreachable", ("could not be reached",)),
    (
        "silent",
        ("no answer within", "the connection broke", "holds no call id", "interrupted", "(408)"),
    ),
    ("outage", tuple(f"({status})" for status in range(500, 530))),
)
CALCOM_STATUSES = {
    **dict.fromkeys((401, 403), "key_refused"),
    404: "no_event_type",
    **dict.fromkeys((400, 409, 422), "not_booked"),
}


def code_of_error(row):
    """Return what the error of a row means; "" where nobody knew before either."""
    if row.kind == "api_request" and row.status_code != 502:
        return API_ERRORS.get(row.error, "")
    if row.kind == "provider_request" and row.action.startswith("Cal.com"):
        return f"calcom.{CALCOM_STATUSES.get(row.status_code, 'unknown')}"
    if row.kind not in ("api_request", "provider_request") and row.code != "lead.call":
        return ""
    said = row.error.lower()
    for name, words in VAPI_WORDS:
        if any(word in said for word in words):
            return f"vapi.{name}"
    return "vapi.unknown"


def write_codes(apps, schema_editor):
    LogEntry = apps.get_model("workspaces", "LogEntry")
    rows = LogEntry.objects.filter(code="").defer("request", "response")
    for batch in batches(rows):
        for row in batch:
            row.code = ACTIONS.get(row.action, "")
            if row.error and row.outcome != "succeeded":
                row.error_code = code_of_error(row)
        known = [row for row in batch if row.code or row.error_code]
        LogEntry.objects.bulk_update(known, ["code", "error_code"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workspaces", "0008_log_codes")]

    operations = [migrations.RunPython(write_codes, migrations.RunPython.noop)]
