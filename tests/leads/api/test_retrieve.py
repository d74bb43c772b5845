"""GET /api/public/leads/<id>: what a caller can read of a lead and of its latest call."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.client import PATH, Api
from tests.envelope import assert_error
from tests.factories import make_call, make_cast, make_lead

CREATED = datetime(2026, 6, 7, 13, 3, 37, 162_999, tzinfo=UTC)
UPDATED = datetime(2026, 6, 7, 13, 9, 11, 444_000, tzinfo=UTC)
NOT_FOUND = "Lead not found."


def stamp(lead) -> None:
    type(lead).objects.filter(pk=lead.pk).update(created_at=CREATED, updated_at=UPDATED)


def test_everything_that_is_known_is_told(api, cast):
    lead = make_lead(
        cast.workspace,
        phone="+447123456789",
        email="jane@acme.com",
        goal="More clients",
        status="booked",
        qualification_notes="Asked for a discount.",
        booking_uid="bk_1",
        booking_start=datetime(2026, 6, 8, 13, tzinfo=UTC),
        metadata={"companyName": "Acme Corp"},
        form_responses={"q1": "hidden"},
    )
    stamp(lead)
    make_call(
        lead,
        vapi_call_id=f"call-{lead.pk}",
        started_at=CREATED,
        ended_at=CREATED + timedelta(seconds=323),
        ended_reason="customer-ended-call",
        summary="They booked.",
        transcript="AI: Hi\nUser: Hello\n",
    )

    response = api.read(lead.pk)

    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "lead": {
            "id": str(lead.pk),
            "channel": "voice",
            "name": "Jane Doe",
            "phone": "+447123456789",
            "email": "jane@acme.com",
            "goal": "More clients",
            "status": "booked",
            "qualificationNotes": "Asked for a discount.",
            "bookingUid": "bk_1",
            "bookingStart": "2026-06-08T13:00:00.000Z",
            "metadata": {"companyName": "Acme Corp"},
            "createdAt": "2026-06-07T13:03:37.162Z",
            "updatedAt": "2026-06-07T13:09:11.444Z",
        },
        "voiceCall": {
            "status": "ended",
            "startedAt": "2026-06-07T13:03:37.162Z",
            "endedAt": "2026-06-07T13:09:00.162Z",
            "durationSeconds": 323,
            "summary": "They booked.",
            "transcript": "AI: Hi\nUser: Hello\n",
            "recordingUrl": None,
            "endedReason": "customer-ended-call",
        },
        "followUp": None,
        "conversation": None,
    }


def test_what_is_not_known_is_null(api, cast):
    lead = make_lead(cast.workspace)
    stamp(lead)

    response = api.read(lead.pk)

    assert response.json() == {
        "ok": True,
        "lead": {
            "id": str(lead.pk),
            "channel": "voice",
            "name": "Jane Doe",
            "phone": lead.phone,
            "email": None,
            "goal": None,
            "status": "new",
            "qualificationNotes": None,
            "bookingUid": None,
            "bookingStart": None,
            "metadata": {},
            "createdAt": "2026-06-07T13:03:37.162Z",
            "updatedAt": "2026-06-07T13:09:11.444Z",
        },
        "voiceCall": None,
        "followUp": {
            "attemptsMade": 0,
            "attemptsPlanned": 1,
            "nextAttemptAt": None,
            "heldBecause": None,
        },
        "conversation": None,
    }


def test_call_is_in_progress_as_soon_as_vapi_has_accepted_it(api):
    lead_id = api.submit().json()["leadId"]

    response = api.read(lead_id)

    assert response.json()["lead"]["status"] == "new"
    assert response.json()["voiceCall"] == {
        "status": "in_progress",
        "startedAt": None,
        "endedAt": None,
        "durationSeconds": None,
        "summary": None,
        "transcript": None,
        "recordingUrl": None,
        "endedReason": None,
    }


def test_voice_call_is_the_latest_one(api, cast):
    lead = make_lead(cast.workspace)
    for minutes, summary in ((5, "second"), (9, "third"), (0, "first")):
        make_call(lead, summary=summary, created_at=CREATED + timedelta(minutes=minutes))

    response = api.read(lead.pk)

    assert response.json()["voiceCall"]["summary"] == "third"


def test_call_that_was_not_answered_has_no_duration(api, cast):
    lead = make_lead(cast.workspace)
    make_call(lead, ended_at=UPDATED, ended_reason="customer-did-not-answer")

    call = api.read(lead.pk).json()["voiceCall"]

    assert (call["startedAt"], call["endedAt"]) == (None, "2026-06-07T13:09:11.444Z")
    assert call["durationSeconds"] is None


@pytest.mark.parametrize(
    "status", ["new", "in_conversation", "booked", "unqualified", "needs_human"]
)
def test_status_is_one_of_the_contracts_words(api, cast, status):
    lead = make_lead(cast.workspace, status=status)

    assert api.read(lead.pk).json()["lead"]["status"] == status


def test_slash_at_the_end_and_capital_letters_change_nothing(api, cast):
    lead = make_lead(cast.workspace)

    paths = (f"{PATH}/{lead.pk}", f"{PATH}/{lead.pk}/", f"{PATH}/{str(lead.pk).upper()}")
    bodies = [api.ask("GET", path).json() for path in paths]

    assert bodies[0]["ok"] and bodies[0] == bodies[1] == bodies[2]


def test_lead_of_another_workspace_is_not_found(web, sandbox, cast):
    lead = make_lead(cast.workspace)
    stranger = Api(web.base_url, make_cast(sandbox).key)

    assert_error(stranger.read(lead.pk), 404, NOT_FOUND)


def test_unknown_lead_is_not_found(api):
    assert_error(api.read(uuid.uuid4()), 404, NOT_FOUND)


@pytest.mark.parametrize(
    "lead_id",
    [
        "1",
        "null",
        "00000000-0000-0000-0000-00000000000",
        "{00000000-0000-0000-0000-000000000000}",
        "00000000000000000000000000000000",
        "urn:uuid:00000000-0000-0000-0000-000000000000",
        "0000000_-0000-0000-0000-000000000000",
        "%00",
        "%ff",
        "%0a",
        "%F0%9F%98%80",
        "%2e%2e",
        "x" * 3000,
    ],
)
def test_what_is_no_uuid_is_not_found(api, lead_id):
    assert_error(api.read(lead_id), 404, NOT_FOUND)


def test_lead_whose_first_call_is_still_being_placed_is_not_found(api, cast):
    lead = make_lead(cast.workspace, accepted_at=None)

    assert_error(api.read(lead.pk), 404, NOT_FOUND)
