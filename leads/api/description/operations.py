"""The operations: what each endpoint takes, and everything that it may answer."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from coachbot.http import errors
from coachbot.http.bodies.parsers import LARGEST_BODY
from coachbot.http.openapi import ERROR, JSON, answer, error_answers, header, optional
from leads.api.description import examples
from leads.api.description.answers import (
    ALWAYS,
    BEFORE_ANY_VIEW,
    LOCATION,
    OF_A_KEY,
    OF_A_SUBMISSION,
    REPLAYED,
    headers,
    webhook_headers,
)
from leads.api.serializers.lead_answers import LeadAnswerSerializer
from leads.api.serializers.receipts import ReceiptSerializer
from leads.api.serializers.submissions import LeadSubmission
from leads.intake.idempotency import BARE, KEPT_FOR, LONGEST_KEY


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "workspaces.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ck_live_ and 32 hex digits",
            "description": "An API key of a workspace, from its dashboard.",
        }


USE_IT = {
    "readLead": {
        "operationId": "readLead",
        "parameters": {"lead_id": "$response.body#/leadId"},
        "description": "What became of the lead.",
    },
    "eraseLead": {
        "operationId": "eraseLead",
        "parameters": {"lead_id": "$response.body#/leadId"},
        "description": "The lead is gone.",
    },
}

SUBMIT_LEAD = {
    "operationId": "submitLead",
    "tags": ["Leads"],
    "summary": "Submit a lead",
    "description": "Takes a lead in. In a voice workspace the agent calls it at once, within "
    "the request, which therefore takes up to 15 seconds.",
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Any name for this submission, bare or in double quotes. The same "
            f"key and body within {KEPT_FOR.total_seconds() / 3600:.0f} hours gets the first "
            "answer again.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_KEY,
                "pattern": f"^{BARE.pattern}$",
            },
            "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
        }
    ],
    "requestBody": {
        "required": True,
        "description": f"Up to {LARGEST_BODY // 1024} KiB of JSON.",
        "content": {
            JSON: {
                "schema": LeadSubmission,
                "examples": {
                    "everything": {"value": examples.SUBMISSION},
                    "the least": {"value": examples.SMALLEST_SUBMISSION},
                },
            }
        },
    },
    "responses": {
        "201": answer(
            "The lead is in, and its call is placed.",
            ReceiptSerializer,
            examples={
                "called": examples.CALLED,
                "paused": examples.PAUSED,
                "whatsapp": examples.MESSAGED,
            },
            headers={
                **headers(201),
                "Location": LOCATION,
                "Idempotent-Replayed": optional(REPLAYED),
            },
            links=USE_IT,
        ),
        **error_answers([*OF_A_KEY, *OF_A_SUBMISSION], headers),
    },
}

LEAD_ID = {
    "name": "lead_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "example": examples.LEAD_ID,
}

READ_LEAD = {
    "operationId": "readLead",
    "tags": ["Leads"],
    "summary": "Read a lead",
    "description": "What became of a lead, and of its latest call or its conversation.",
    "parameters": [LEAD_ID],
    "responses": {
        "200": answer(
            "The lead.",
            LeadAnswerSerializer,
            examples={
                "booked": examples.LEAD,
                "not called yet": examples.NEW_LEAD,
                "whatsapp": examples.WRITTEN_LEAD,
            },
            headers=headers(200),
        ),
        **error_answers([*OF_A_KEY, errors.LEAD_NOT_FOUND], headers),
    },
}

RECORDING = header("Where it can be heard for a short while.", "https://...", format="uri")
HEAR_LEAD = {
    "operationId": "readRecording",
    "tags": ["Leads"],
    "summary": "Hear the latest call",
    "description": "Redirects to a fresh link of Vapi, which holds the recording. Follow it at "
    "once, without the Authorization header.",
    "parameters": [LEAD_ID],
    "responses": {
        "default": answer(
            "Anything else that goes wrong.",
            ERROR,
            examples={"a bug of ours": errors.INTERNAL_ERROR.example},
            headers=ALWAYS,
        ),
        "302": {
            "description": "The recording is at Location.",
            "headers": {**headers(302), "Location": RECORDING},
        },
        **error_answers(
            [
                *OF_A_KEY,
                errors.LEAD_NOT_FOUND,
                errors.RECORDING_NOT_FOUND,
                errors.RECORDING_UNAVAILABLE,
            ],
            headers,
        ),
    },
}

READ_DESCRIPTION = {
    "operationId": "readDescription",
    "tags": ["Description"],
    "summary": "Read this description",
    "description": "As JSON; as YAML with `Accept: application/yaml`. Needs no key.",
    "responses": {
        "200": {
            "description": "OpenAPI 3.1.",
            "headers": ALWAYS,
            "content": {
                JSON: {"schema": {"type": "object"}},
                "application/yaml": {"schema": {"type": "object"}},
            },
        },
        **error_answers([*BEFORE_ANY_VIEW, errors.METHOD_NOT_ALLOWED], webhook_headers),
    },
}
