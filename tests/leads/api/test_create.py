"""POST /api/public/leads: what a caller gets when all is well."""

from leads.models import Lead


def test_lead_is_called_and_answered_with_the_call_id(api, cast):
    response = api.submit(name="Jane Doe", email="jane@acme.com")

    body = response.json()
    [call] = cast.placed()
    assert response.status_code == 201
    assert body == {
        "ok": True,
        "leadId": body["leadId"],
        "status": "in_progress",
        "vapiCallId": call.id,
        "callQueued": True,
    }
    assert response.headers["Location"] == f"/api/public/leads/{body['leadId']}"
    assert Lead.objects.get(pk=body["leadId"]).email == "jane@acme.com"


def test_same_phone_again_is_a_duplicate(api, cast):
    phone = "+44 7123 (456) 789"
    first = api.submit(phone=phone)

    second = api.submit(phone="+447123456789")

    assert first.status_code == 201
    assert second.status_code == 409
    assert second.json() == {
        "ok": False,
        "error": "duplicate_phone",
        "message": "A lead with this phone number already exists in the workspace.",
    }
    assert len(cast.placed()) == 1
