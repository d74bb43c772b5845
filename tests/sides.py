"""On which backend a test runs.

What depends on a database's ways (its locks, constraints, clock, text, plans) runs on both; all
else runs once, on PostgreSQL unless it stands below: the two suites run side by side, and each
takes about as long. Of a folder and a file in it, the file decides.
"""

SQLITE, POSTGRES, BOTH = "sqlite", "postgres", "both"

ON_BOTH = (
    "tests/coachbot/db",
    "tests/coachbot/test_constraints.py",
    "tests/coachbot/work/test_kept.py",
    "tests/coachbot/work/test_periodic.py",
    "tests/leads/agent/test_book_consult.py",
    "tests/leads/api/test_create.py",
    "tests/leads/api/test_dispatch_failures.py",
    "tests/leads/api/test_idempotency_key.py",
    "tests/leads/api/test_list.py",
    "tests/leads/api/test_retrieve.py",
    "tests/leads/calls/test_early_events.py",
    "tests/leads/calls/test_lines.py",
    "tests/leads/calls/placing/test_settling.py",
    "tests/leads/calls/placing/test_withdrawn.py",
    "tests/leads/contact/test_gate.py",
    "tests/leads/contact/test_opt_outs.py",
    "tests/leads/contact/test_stops.py",
    "tests/leads/intake/",
    "tests/leads/messages/test_delivery.py",
    "tests/leads/messages/incoming/test_inbound.py",
    "tests/leads/messages/test_opener.py",
    "tests/leads/messages/test_settling.py",
    "tests/leads/messages/turns/test_answers.py",
    "tests/leads/test_events.py",
    "tests/workspaces/rate_limits",
    "tests/workspaces/webhooks/test_delivery.py",
)

# Pages, words, providers, sandbox, and what is told apart by the domain alone.
ON_SQLITE = (
    "tests/bench",
    "tests/coachbot/configuration",
    "tests/coachbot/docs/test_",
    "tests/coachbot/http",
    "tests/coachbot/mail/test_outbox.py",
    "tests/coachbot/mail/test_printed.py",
    "tests/coachbot/observability",
    "tests/coachbot/providers",
    "tests/coachbot/sandbox",
    "tests/coachbot/server/test_interruption.py",
    "tests/coachbot/server/test_lines.py",
    "tests/coachbot/server/test_slow_clients.py",
    "tests/coachbot/server/test_start.py",
    "tests/coachbot/test_compose.py",
    "tests/coachbot/test_imports.py",
    "tests/coachbot/test_nginx",
    "tests/coachbot/test_systemd.py",
    "tests/coachbot/work/test_banner.py",
    "tests/journeys/test_connect_vapi.py",
    "tests/journeys/test_conversation.py",
    "tests/journeys/test_delete_lead.py",
    "tests/journeys/test_demo.py",
    "tests/journeys/test_docs.py",
    "tests/journeys/test_first_lead.py",
    "tests/journeys/test_first_steps.py",
    "tests/journeys/test_forms.py",
    "tests/journeys/test_hosted_form.py",
    "tests/journeys/test_key_life.py",
    "tests/journeys/test_pages.py",
    "tests/journeys/test_refused_person.py",
    "tests/journeys/test_settings.py",
    "tests/journeys/test_times.py",
    "tests/journeys/test_written_lead.py",
    "tests/leads/agent",
    "tests/leads/api/test_create_phone.py",
    "tests/leads/api/test_rate_limit_headers.py",
    "tests/leads/api/test_recording.py",
    "tests/leads/appointments/test_by_hand.py",
    "tests/leads/appointments/test_shown.py",
    "tests/leads/calls/test_progress.py",
    "tests/leads/calls/test_transfers.py",
    "tests/leads/contact",
    "tests/leads/forms",
    "tests/leads/intake_addresses/test_tools.py",
    "tests/leads/messages",
    "tests/test_documents.py",
    "tests/test_requirements.py",
    "tests/workspaces/connections/test_connect_command.py",
    "tests/workspaces/connections/test_connection_pages.py",
    "tests/workspaces/connections/test_encryption.py",
    "tests/workspaces/notices",
    "tests/workspaces/settings/test_workspace_command.py",
    "tests/workspaces/test_access.py",
    "tests/workspaces/test_commands.py",
    "tests/workspaces/test_ended_sessions.py",
    "tests/workspaces/test_page_security.py",
    "tests/workspaces/test_staff_pages.py",
)

# In a folder of those above: PostgreSQL is stricter about text, or has more than one writer.
ON_POSTGRES = (
    "tests/leads/agent/test_unclear_bookings.py",
    "tests/leads/contact/test_last_moment.py",
    "tests/leads/contact/test_number_types.py",
)

SIDES = {
    **dict.fromkeys(ON_SQLITE, SQLITE),
    **dict.fromkeys(ON_POSTGRES, POSTGRES),
    **dict.fromkeys(ON_BOTH, BOTH),
}


def side_of(path: str) -> str:
    """Return where a test file runs."""
    line = max((p for p in SIDES if f"/{p}" in path), key=len, default="")
    return SIDES[line] if line else POSTGRES
