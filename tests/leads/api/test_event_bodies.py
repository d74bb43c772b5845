"""Large and strange bodies at the events URL: accepted, cut, or refused, and never kept whole."""

import json

import pytest

from coachbot.http.bodies.sizes import LARGEST_BODY
from leads.models import Call
from tests.vapi_messages import end_of_call_report, status_update


def padded(message, size):
    """Return a body of exactly that many bytes, as the prompts in it would make it."""
    bare = json.dumps({"message": {**message, "padding": ""}})
    return json.dumps({"message": {**message, "padding": "x" * (size - len(bare))}})


@pytest.mark.parametrize("size, status", [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)])
def test_bodies_up_to_five_megabytes_are_taken(cast, reporter, lead_id, size, status):
    body = padded(end_of_call_report(cast.placed()[0]), size)
    headers = {"X-Vapi-Secret": reporter.secret, "Content-Type": "application/json"}

    response = reporter.send(None, data=body, headers=headers)

    assert (len(body), response.status_code) == (size, status)
    ended = Call.objects.get(lead_id=lead_id).status == "ended"
    assert ended is (status == 200)


@pytest.mark.parametrize("extra, status", [(0, 200), (1, 413)])
def test_chunked_body_has_the_same_limit(cast, reporter, lead_id, extra, status):
    body = padded(end_of_call_report(cast.placed()[0]), LARGEST_BODY + extra).encode()
    headers = {"X-Vapi-Secret": reporter.secret, "Content-Type": "application/json"}
    parts = (body[place : place + 65_536] for place in range(0, len(body), 65_536))

    assert reporter.send(None, data=parts, headers=headers).status_code == status


def test_what_is_not_used_is_not_stored(cast, reporter, lead_id):
    reporter.report(cast.placed()[0], secretPrompt="needle-in-the-haystack")

    call = Call.objects.filter(lead_id=lead_id).values().get()
    rows = cast.workspace.log.values_list("request", "response", "error")
    assert "needle" not in json.dumps([call, list(rows)], default=str)
    assert "presigned" not in json.dumps([call, list(rows)], default=str)


@pytest.mark.parametrize(
    "artifact, transcript",
    [
        ({"transcript": "AI: \x00 \ud83d half an emoji"}, "AI: \ufffd \ufffd half an emoji"),
        (
            {"transcript": [{"role": "bot", "message": "Hi"}, {"role": "user", "content": "Yo"}]},
            "bot: Hi\nuser: Yo",
        ),
        ({"transcript": "x" * 300_000}, "x" * 200_000),
        ({}, None),
        (None, None),
        ("text", None),
        ({"transcript": 7, "messages": {"a": 1}, "recordingUrl": 7}, None),
    ],
)
def test_strange_reports_close_the_call(api, cast, reporter, lead_id, artifact, transcript):
    response = reporter.report(cast.placed()[0], artifact=artifact)

    call = api.read(lead_id).json()["voiceCall"]
    assert response.status_code == 200
    assert (call["status"], call["transcript"]) == ("ended", transcript)


def test_legacy_places_of_transcript_and_summary_are_read(api, cast, reporter, lead_id):
    legacy = {"transcript": "AI: Hi", "summary": "Short.", "recordingUrl": "https://x.test/a.wav"}

    reporter.report(cast.placed()[0], artifact={}, analysis=None, **legacy)

    call = api.read(lead_id).json()["voiceCall"]
    assert (call["transcript"], call["summary"]) == ("AI: Hi", "Short.")
    assert Call.objects.get(lead_id=lead_id).has_recording


@pytest.mark.parametrize(
    "timestamp", ["2026-09-21T14:15:06.314Z", "2026-09-21T16:15:06.314+02:00", 1790000106314.0]
)
def test_timestamps_are_read_in_every_form(api, cast, reporter, lead_id, timestamp):
    reporter.send({**status_update(cast.placed()[0], "in-progress"), "timestamp": timestamp})

    assert api.read(lead_id).json()["voiceCall"]["startedAt"] == "2026-09-21T14:15:06.314Z"


@pytest.mark.parametrize("timestamp", [None, True, 0, -1, 1e300, "soon", [], {}])
def test_unreadable_timestamp_is_replaced_by_now(cast, reporter, lead_id, timestamp):
    sent = {**status_update(cast.placed()[0], "in-progress"), "timestamp": timestamp}

    assert reporter.send(sent).status_code == 200
    call = Call.objects.get(lead_id=lead_id)
    assert call.started_at >= call.created_at.replace(microsecond=0)
