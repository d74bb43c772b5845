"""The contract's examples, word for word, against those of description and documentation."""

import json

import pytest

from coachbot.http import errors
from leads.api.description import examples

# As the contract writes them; <...> and "..." stand for any text, there and here.
CALLED = """
{"ok": true, "leadId": "<uuid>", "status": "in_progress", "vapiCallId": "<id>", "callQueued": true}
"""
PAUSED = '{"ok": true, "leadId": "<uuid>", "status": "new", "callQueued": false}'
WHATSAPP = '{"ok": true, "leadId": "<uuid>", "status": "new", "messageQueued": true}'
LEAD = """
{"ok": true,
 "lead": {"id": "<uuid>", "channel": "voice", "name": "Jane Doe", "phone": "+447123456789", "email": "jane@acme.com",
          "goal": "...", "status": "booked", "qualificationNotes": null, "bookingUid": "...", "bookingStart": "2026-06-08T13:00:00.000Z",
          "metadata": {"companyName": "Acme Corp"}, "createdAt": "2026-06-07T13:03:37.162Z", "updatedAt": "2026-06-07T13:09:11.444Z"},
 "voiceCall": {"status": "ended", "startedAt": "...", "endedAt": "...", "durationSeconds": 323, "summary": "...",
               "transcript": "...", "recordingUrl": "https://...", "endedReason": "customer-ended-call"},
 "followUp": null,
 "conversation": null}
"""  # noqa: E501  its last two keys are of section 10, the rest of section 4
ERRORS = {
    (400, "Request body must be valid JSON."),
    (400, "Validation failed."),
    (400, "`consent` must be true."),
    (401, "Missing Authorization header."),
    (401, "Authorization header must use the `Bearer <api key>` scheme."),
    (401, "API key is invalid or revoked."),
    (404, "Lead not found."),
    (404, "Workspace not found."),
    (409, "duplicate_phone"),
    (429, "Rate limit exceeded. Wait a minute before retrying."),
    (429, "Hourly rate limit exceeded."),
    (502, "voice_dispatch_failed"),
    (500, "Internal server error."),
    (503, "Service temporarily unavailable."),
    (422, "idempotency_key_reused"),
    (403, "HTTPS is required."),
    (403, "insufficient_scope"),
}


def is_filled_in(template, value) -> bool:
    """Tell whether a value is a template's, with its placeholders filled in."""
    if isinstance(template, dict):
        return list(template) == list(value) and all(
            is_filled_in(template[name], value[name]) for name in template
        )
    is_placeholder = isinstance(template, str) and ("..." in template or template[:1] == "<")
    return isinstance(value, str) and bool(value) if is_placeholder else template == value


@pytest.mark.parametrize(
    ("written", "example"),
    [
        (CALLED, examples.CALLED),
        (PAUSED, examples.PAUSED),
        (WHATSAPP, examples.MESSAGED),
        (LEAD, examples.LEAD),
    ],
)
def test_example_is_the_contracts(written, example):
    assert is_filled_in(json.loads(written), example)


def test_every_error_of_the_contract_is_in_the_catalogue():
    assert {(kind.status, kind.error) for kind in errors.CATALOGUE} >= ERRORS


def test_duplicate_has_the_contracts_message():
    assert errors.DUPLICATE_PHONE.example == {
        "ok": False,
        "error": "duplicate_phone",
        "message": "A lead with this phone number already exists in the workspace.",
    }
