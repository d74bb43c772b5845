"""POST /api/calcom/<slug>/events: who may report, in which shapes, and what is kept of it."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import requests
from django.utils import timezone

from coachbot.http.bodies.sizes import LARGEST_FORM
from leads.appointments import hints
from leads.models import BookingHint
from tests.factories import make_cast
from tests.leads.appointments.conftest import state_of
from tests.providers import ODD_BODIES, ODD_VALUES
from workspaces.connections import own_secrets

CANCELLED = "BOOKING_CANCELLED"


def kept(side) -> int:
    return BookingHint.objects.filter(workspace=side.workspace).count()


def cancelled(side, row) -> dict:
    """Cancel at Cal.com. Return the event."""
    side.do("cancel", row.uid, reason="ill")
    return side.told[-1]


@pytest.fixture
def appointment(side, lead):
    """Cal.com's side, and an appointment of the lead."""
    calendar = side()
    return calendar, calendar.booked(lead)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Cal-Signature-256": ""},
        {"X-Cal-Signature-256": "no-secret-provided"},
        {"X-Cal-Signature-256": "0" * 64},
        {"X-Cal-Signature-256": "sha256="},
        {"X-Cal-Signature-256": "pässwort".encode("latin-1")},
        {"Authorization": "Bearer x"},
    ],
)
def test_unsigned_event_is_refused_and_leaves_nothing(appointment, headers):
    side, row = appointment
    event = cancelled(side, row)
    rows = side.workspace.log.count()

    response = side.post(event, headers=headers)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json() == {"ok": False, "error": "Signature is invalid."}
    assert (kept(side), side.workspace.log.count()) == (0, rows)


def test_unknown_workspace_answers_like_a_wrong_signature(web, appointment):
    side, row = appointment
    headers = {"X-Cal-Signature-256": "0" * 64, "X-Request-Id": "same"}

    known = side.post(cancelled(side, row), headers=headers)
    unknown = requests.post(
        f"{web.base_url}/api/calcom/no-such/events", b"{}", headers=headers, timeout=30
    )

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert set(known.headers) == set(unknown.headers)


def test_secret_of_another_workspace_opens_nothing(sandbox, appointment):
    side, row = appointment
    other = own_secrets.calcom_secret(make_cast(sandbox).workspace)

    assert side.post(cancelled(side, row), secret=other).status_code == 401
    assert kept(side) == 0


def test_booking_of_another_workspace_is_not_touched(sandbox, side, appointment, lead):
    ours, row = appointment
    stranger = side(workspace=make_cast(sandbox).workspace)
    event = cancelled(ours, row)
    named = {**event["payload"], "metadata": {"leadId": str(lead.pk), "requestId": str(row.pk)}}

    assert stranger.post({**event, "payload": named}).status_code == 200

    assert kept(stranger) == 0
    assert state_of(lead)[0] == "made"


@pytest.mark.parametrize("prefix", ["", "sha256="])
def test_signature_is_taken_with_and_without_its_name(appointment, lead, prefix):
    side, row = appointment
    body = json.dumps(cancelled(side, row)).encode()
    right = side.post(body=body).request.headers["X-Cal-Signature-256"]
    BookingHint.objects.filter(workspace=side.workspace).delete()

    response = side.post(body=body, headers={"X-Cal-Signature-256": prefix + right.upper()})

    assert (response.status_code, response.json(), kept(side)) == (200, {}, 1)


def test_signed_body_that_was_changed_is_refused(appointment):
    side, row = appointment
    body = json.dumps(cancelled(side, row)).encode()
    signed = side.post(body=b"{}").request.headers["X-Cal-Signature-256"]

    assert side.post(body=body, headers={"X-Cal-Signature-256": signed}).status_code == 401


def shapes(event) -> dict[str, bytes]:
    """Return an event as each of the bodies that Cal.com may send."""
    payload = event["payload"]
    flat = {"triggerEvent": event["triggerEvent"], **payload}
    texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in event.items()}
    plain = {name: v for name, v in flat.items() if isinstance(v, str)}
    return {
        "nested": json.dumps(event).encode(),
        "flat": json.dumps(flat).encode(),
        "form with JSON in it": urlencode(texts).encode(),
        "flat form": urlencode(plain).encode(),
        "byte order mark": b"\xef\xbb\xbf" + json.dumps(event).encode(),
    }


@pytest.mark.parametrize(
    "shape", ["nested", "flat", "form with JSON in it", "flat form", "byte order mark"]
)
def test_every_shape_of_a_body_is_read(appointment, lead, shape):
    side, row = appointment
    body = shapes(cancelled(side, row))[shape]

    assert side.post(body=body).status_code == 200
    hints.settle()

    assert state_of(lead)[::2][:2] == ("cancelled", "needs_human")


@pytest.mark.parametrize("days", [-1.1, 1.1])
def test_event_of_another_day_is_ignored(appointment, lead, days):
    side, row = appointment
    at = (timezone.now() + timedelta(days=days)).isoformat()

    response = side.post({**cancelled(side, row), "createdAt": at})

    assert (response.status_code, kept(side)) == (200, 0)


def test_repetition_of_an_event_is_kept_once(appointment):
    side, row = appointment
    event = cancelled(side, row)

    for _ in range(3):
        side.post(event)
    side.post({**event, "payload": {**event["payload"], "title": "Otherwise"}})

    assert kept(side) == 1


def test_booking_of_nobody_here_leaves_nothing_behind(appointment):
    side, _ = appointment
    body = side.book()

    assert side.post(side.told[-1]).status_code == 200
    assert body["uid"] and kept(side) == 0


@pytest.mark.parametrize("trigger", ["PING", "OOO_CREATED", "MEETING_STARTED", "x" * 5_000])
def test_event_of_no_concern_is_answered_and_forgotten(appointment, trigger):
    side, _ = appointment

    response = side.post({"triggerEvent": trigger, "createdAt": None, "payload": {"x": 1}})

    assert (response.status_code, kept(side)) == (200, 0)


def bodies(event):
    """Yield bodies that are odd: all that JSON can hold in every place, and what is no JSON."""
    yield from ODD_BODIES
    for value in ODD_VALUES:
        yield json.dumps({**event, "payload": value}).encode()
        for name in ("triggerEvent", "createdAt"):
            yield json.dumps({**event, name: value}).encode()
        for name in ("uid", "bookingUid", "rescheduleUid", "iCalUID", "metadata", "attendees"):
            changed = {**event["payload"], name: value}
            yield json.dumps({**event, "payload": changed}).encode()
        metadata = {"leadId": value, "requestId": value}
        yield json.dumps({**event, "payload": {**event["payload"], "metadata": metadata}}).encode()
    yield from (b"a=1&" * 5_000, b"payload=%00&triggerEvent=x", b"triggerEvent=%ff")


def test_no_body_makes_a_fault(appointment, lead):
    side, row = appointment
    event = cancelled(side, row)

    answers = {side.post(body=body or b" ").status_code for body in bodies(event)}
    hints.settle()

    assert answers == {200, 400}
    assert state_of(lead)[0] == "cancelled"


@pytest.mark.parametrize(("size", "status"), [(LARGEST_FORM, 200), (LARGEST_FORM + 1, 413)])
def test_body_has_a_largest_size(appointment, size, status):
    side, row = appointment
    event = cancelled(side, row)
    bare = len(json.dumps({**event, "padding": ""}))
    body = json.dumps({**event, "padding": "x" * (size - bare)}).encode()

    assert (len(body), side.post(body=body).status_code) == (size, status)


def test_secret_is_in_no_log(appointment, web):
    side, row = appointment
    side.post(cancelled(side, row))
    secret = own_secrets.calcom_secret(side.workspace)

    assert secret not in web.output()
    assert secret not in str(list(side.workspace.log.values()))


def test_one_answer_is_given_while_cal_com_hangs_and_nothing_is_lost(
    appointment, lead, settings, cast
):
    side, row = appointment
    event = cancelled(side, row)
    settings.CALCOM_BASE_URL = "http://127.0.0.1:9/v2"

    assert side.post(event).status_code == 200
    assert hints.settle() == 0
    hint = BookingHint.objects.get(workspace=side.workspace)
    assert (hint.tries, hint.due_at > timezone.now()) == (1, True)
    assert state_of(lead)[0] == "made"

    settings.CALCOM_BASE_URL = f"{cast.sandbox.base_url}/v2"
    BookingHint.objects.filter(pk=hint.pk).update(due_at=timezone.now())
    type(row).objects.filter(pk=row.pk).update(lease_until=timezone.now())
    hints.settle()
    assert state_of(lead)[0] == "cancelled"


def test_old_hints_are_forgotten(appointment):
    side, row = appointment
    side.post(cancelled(side, row))
    rows = BookingHint.objects.filter(workspace=side.workspace)
    rows.update(created_at=timezone.now() - timedelta(days=3))

    hints.forget_old()

    assert not rows.exists()
