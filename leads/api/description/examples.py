"""The examples of the contract. Description and documentation show these and no others."""

from typing import Any

LEAD_ID = "3f0c7a52-9a1e-4d3b-8b57-0d6f6f3c2a11"
CALL_ID = "01a0b7c2-5d10-7e44-8c3a-6b1f0e9d2a47"
LEAD_URL = f"/api/public/leads/{LEAD_ID}"

SMALLEST_SUBMISSION = {"name": "Jane Doe", "phone": "+447700900123", "consent": True}
SUBMISSION = {
    "name": "Jane Doe",
    "phone": "+44 7700 900123",
    "consent": True,
    "email": "jane@acme.com",
    "goal": "Wants to compare plans for a team of 12.",
    "metadata": {"companyName": "Acme Corp"},
    "formResponses": {"team-size": "12"},
}

CALLED = {
    "ok": True,
    "leadId": LEAD_ID,
    "status": "in_progress",
    "vapiCallId": CALL_ID,
    "callQueued": True,
}
PAUSED = {"ok": True, "leadId": LEAD_ID, "status": "new", "callQueued": False}
MESSAGED = {"ok": True, "leadId": LEAD_ID, "status": "new", "messageQueued": True}

INTAKE_TOKEN = "5d41402abc4b2a76b9719d911017c592"
FORM_BODY = {
    "your-name": "Jane Doe",
    "your-tel": "07700 900123",
    "acceptance": "1",
    "your-message": "Wants to compare plans for a team of 12.",
}
TAKEN_IN = {"ok": True, "leadId": LEAD_ID}

LEAD: dict[str, Any] = {
    "ok": True,
    "lead": {
        "id": LEAD_ID,
        "channel": "voice",
        "name": "Jane Doe",
        "phone": "+447123456789",
        "email": "jane@acme.com",
        "goal": "Wants to compare plans for a team of 12.",
        "status": "booked",
        "qualificationNotes": None,
        "bookingUid": "bkr2Qf8nC1xYtWmD7uZp5e",
        "bookingStart": "2026-06-08T13:00:00.000Z",
        "metadata": {"companyName": "Acme Corp"},
        "createdAt": "2026-06-07T13:03:37.162Z",
        "updatedAt": "2026-06-07T13:09:11.444Z",
    },
    "voiceCall": {
        "status": "ended",
        "startedAt": "2026-06-07T13:03:46.021Z",
        "endedAt": "2026-06-07T13:09:09.310Z",
        "durationSeconds": 323,
        "summary": "Jane compares plans for a team of 12 and booked a call for Monday.",
        "transcript": "AI: Hi, is this Jane?\nUser: Yes, speaking.\n",
        "recordingUrl": f"https://coachbot.example{LEAD_URL}/recording",
        "endedReason": "customer-ended-call",
    },
    "followUp": None,
    "conversation": None,
}
WRITTEN_LEAD: dict[str, Any] = {
    **LEAD,
    "lead": {**LEAD["lead"], "channel": "whatsapp"},
    "voiceCall": None,
    "conversation": {
        "messageCount": 5,
        "lastInboundAt": "2026-06-07T13:08:41.907Z",
        "lastOutboundAt": "2026-06-07T13:09:10.262Z",
        "windowOpenUntil": "2026-06-08T13:03:41.907Z",
        "transcript": "AI: Hi Jane, you asked Acme Corp about plans for a team of 12. Is now a "
        "good time to write?\nUser: [voice note]\nAI: I can read text only for now. Could you "
        "write it?\nUser: Monday at 2 would be good\nAI: Booked: Monday, 8 June at 14:00.\n",
    },
}
NEW_LEAD: dict[str, Any] = {
    "ok": True,
    "lead": {
        **LEAD["lead"],
        "status": "new",
        "bookingUid": None,
        "bookingStart": None,
        "updatedAt": "2026-06-07T13:03:37.162Z",
    },
    "voiceCall": None,
    "followUp": {
        "attemptsMade": 0,
        "attemptsPlanned": 6,
        "nextAttemptAt": "2026-06-08T08:00:00.000Z",
        "heldBecause": "calling_hours",
    },
    "conversation": None,
}
PAGE = {
    "ok": True,
    "data": [NEW_LEAD["lead"]],
    "hasMore": True,
    "nextCursor": "1780837417162000-3f0c7a52-9a1e-4d3b-8b57-0d6f6f3c2a11.Zk1vUq3dX0yT8wRb",
}
LAST_PAGE = {"ok": True, "data": [LEAD["lead"]], "hasMore": False, "nextCursor": None}

STATUS_UPDATE = {
    "message": {
        "timestamp": 1790000106314,
        "type": "status-update",
        "status": "in-progress",
        "call": {"id": CALL_ID},
    }
}
END_OF_CALL = {
    "message": {
        "timestamp": 1790000156233,
        "type": "end-of-call-report",
        "endedReason": "customer-ended-call",
        "startedAt": "2026-06-07T13:03:46.021Z",
        "endedAt": "2026-06-07T13:09:09.310Z",
        "analysis": {"summary": "Jane booked a call for Monday."},
        "artifact": {"transcript": "AI: Hi, is this Jane?\nUser: Yes, speaking.\n"},
        "call": {"id": CALL_ID},
    }
}
TOOL_CALL = {
    "message": {
        "timestamp": 1790000121870,
        "type": "tool-calls",
        "toolCallList": [
            {
                "id": "call_9Xk",
                "type": "function",
                "function": {"name": "listSlots", "arguments": "{}"},
            }
        ],
        "call": {"id": CALL_ID},
    }
}
TOOL_ANSWER = {
    "results": [
        {"toolCallId": "call_9Xk", "name": "listSlots", "result": "Monday 13:00 and 15:30."}
    ]
}

BOOKING_CANCELLED = {
    "triggerEvent": "BOOKING_CANCELLED",
    "createdAt": "2026-11-26T09:00:00.123Z",
    "payload": {
        "uid": "2NtaeaVcKfpmSZ4CthFdfk",
        "status": "CANCELLED",
        "cancellationReason": "ill",
        "requestReschedule": False,
    },
}
