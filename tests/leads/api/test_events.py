"""POST /api/vapi/<slug>/events: what Vapi's messages do to a call and its lead."""

import pytest

from leads.models import Call
from tests.vapi_messages import (
    ENDED,
    REPORTED_MS,
    STARTED,
    TRANSCRIPT,
    about,
    end_of_call_report,
    status_update,
)
from workspaces.models import LogKind, Outcome

IGNORED = [
    *("queued", "hang", "transcript", 'transcript[transcriptType="final"]', "speech-update"),
    "conversation-update",
    *("knowledge-base-request", "call.artifact.upload", "call.deleted", "call.delete.failed"),
    *("user-interrupted", "model-output", "language-change-detected", "voice-input"),
    *("transfer-update", "assistant.started", "assistant.speechStarted", "chat.created"),
    *("session.created", "campaign.started", "phone-call-control", "something-new"),
]


def read(api, lead_id):
    body = api.read(lead_id).json()
    return body["lead"]["status"], body["voiceCall"]


def test_picked_up_call_puts_the_lead_into_conversation(api, cast, reporter, lead_id):
    response = reporter.status(cast.placed()[0], "in-progress")

    status, call = read(api, lead_id)
    assert (response.status_code, response.json()) == (200, {})
    assert (status, call["status"], call["endedAt"]) == ("in_conversation", "in_progress", None)
    assert call["startedAt"] == "2026-09-21T14:15:06.314Z"


def test_report_fills_the_call(api, cast, reporter, lead_id):
    reporter.report(cast.placed()[0])

    status, call = read(api, lead_id)
    assert status == "in_conversation"
    assert call == {
        "status": "ended",
        "startedAt": STARTED,
        "endedAt": ENDED,
        "durationSeconds": 42,
        "summary": "Jane confirmed.",
        "transcript": TRANSCRIPT,
        "recordingUrl": f"http://127.0.0.1/api/public/leads/{lead_id}/recording",
        "endedReason": "customer-ended-call",
    }


@pytest.mark.parametrize("reported_first", [False, True])
def test_report_and_status_may_come_in_either_order(api, cast, reporter, lead_id, reported_first):
    placed = cast.placed()[0]
    messages = [
        status_update(placed, "ended", endedReason="customer-ended-call"),
        end_of_call_report(placed),
    ]

    for message in messages[:: -1 if reported_first else 1]:
        reporter.send(message)
    reporter.status(placed, "in-progress")
    reporter.status(placed, "ringing")

    status, call = read(api, lead_id)
    assert (status, call["status"], call["endedAt"]) == ("in_conversation", "ended", ENDED)


def test_call_without_a_report_is_closed_by_its_status(api, cast, reporter, lead_id):
    reporter.status(cast.placed()[0], "ended", endedReason="customer-did-not-answer")

    status, call = read(api, lead_id)
    assert (status, call["status"]) == ("new", "ended")
    assert (call["endedAt"], call["endedReason"]) == (
        "2026-09-21T14:15:48.600Z",
        "customer-did-not-answer",
    )


def test_snapshot_in_the_message_is_not_believed(api, cast, reporter, lead_id):
    placed = cast.placed()[0]
    stale = {**placed.body, "status": "ended", "endedReason": "customer-busy"}

    reporter.send({**status_update(placed, "in-progress"), "call": stale})

    assert read(api, lead_id)[1]["status"] == "in_progress"


@pytest.mark.parametrize("kind", IGNORED)
def test_other_messages_change_nothing(cast, reporter, lead_id, kind):
    before = Call.objects.filter(lead_id=lead_id).values().get()

    response = reporter.send({"timestamp": REPORTED_MS, "type": kind, **about(cast.placed()[0])})

    assert (response.status_code, response.json()) == (200, {})
    assert Call.objects.filter(lead_id=lead_id).values().get() == before


def test_repeated_message_is_logged_once(cast, reporter, lead_id):
    for _ in range(3):
        reporter.report(cast.placed()[0])

    [row] = cast.workspace.log.filter(kind=LogKind.PROVIDER_EVENT)
    assert (row.action, str(row.lead_id)) == ("Vapi end-of-call-report", lead_id)


def test_event_of_an_unknown_call_is_logged_as_refused(cast, reporter):
    response = reporter.report({"id": "01a0c2f4-11d0-7c31-8a55-2f0d3c9b7e10"})

    [row] = cast.workspace.log.filter(kind=LogKind.PROVIDER_EVENT)
    assert (response.status_code, row.outcome) == (200, Outcome.REFUSED)


@pytest.mark.parametrize(
    "body", [{}, [], "text", {"message": None}, {"message": {}}, {"message": {"type": 7}}]
)
def test_body_that_is_no_message_is_named(reporter, body):
    response = reporter.send(None, json=body)

    assert (response.status_code, response.json()["error"]) == (400, "Validation failed.")
    assert response.json()["issues"][0]["path"] == ["message"]


def test_broken_json_is_refused(reporter):
    response = reporter.send(None, data="{", headers=None)

    assert response.status_code == 400
    assert response.json()["error"] == "Request body must be valid JSON."


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("transfer-destination-request", "Nobody can be put through right now."),
        ("handoff-destination-request", "No other assistant can take over."),
    ],
)
def test_request_that_nobody_can_meet_is_answered_in_words(cast, reporter, lead_id, kind, words):
    response = reporter.send({"type": kind, **about(cast.placed()[0])})

    assert response.status_code == 200
    assert list(response.json()) == ["error"]
    assert response.json()["error"].startswith(words)


def test_transcript_of_one_line_shows_who_spoke(api, cast, reporter, lead_id):
    artifact = {"transcript": "AI: Hi, is this Jane? User: Yes, speaking."}

    reporter.report(cast.placed()[0], "silence-timed-out", artifact=artifact)

    assert read(api, lead_id)[0] == "in_conversation"
