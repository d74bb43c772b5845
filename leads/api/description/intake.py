"""The endpoint that other people's forms post to."""

from coachbot.http import errors
from coachbot.http.bodies.parsers import LARGEST_BODY
from coachbot.http.openapi import JSON, answer, error_answers, path_parameter
from leads.api.description import examples
from leads.api.description.answers import BEFORE_ANY_VIEW, RATE_LIMITS, headers
from leads.api.serializers.receipts import IntakeAnswerSerializer

FIELDS = {"schema": {"type": "object", "additionalProperties": True}}
OF_A_FORM = [
    *BEFORE_ANY_VIEW,
    errors.NOT_FOUND,
    errors.METHOD_NOT_ALLOWED,
    errors.MINUTE_LIMIT,
    errors.HOURLY_LIMIT,
    errors.INVALID_JSON,
    errors.VALIDATION_FAILED,
    errors.CONSENT_REQUIRED,
    errors.PAYLOAD_TOO_LARGE,
    errors.VOICE_DISPATCH_FAILED,
    errors.UNAVAILABLE,
]
TAKE_IN_FORM = {
    "operationId": "takeInForm",
    "tags": ["Forms"],
    "summary": "Take in what a form sends",
    "description": "For form builders that can send neither a header nor a body of ours. Which "
    "fields are name, phone and consent is chosen in the dashboard, at “Connect a form”. A lead "
    "that is known answers as a new one does.",
    "parameters": [
        path_parameter("token", "The token of the form's address.", examples.INTAKE_TOKEN)
    ],
    "requestBody": {
        "required": True,
        "description": f"Up to {LARGEST_BODY // 1024} KiB: JSON, or the fields of a form, "
        "urlencoded or multipart. Nested as the tool likes; files are not kept.",
        "content": {JSON: {**FIELDS, "examples": {"a form": {"value": examples.FORM_BODY}}}},
    },
    "responses": {
        "200": answer(
            "The lead is in, or was there already.",
            IntakeAnswerSerializer,
            examples={"taken in": examples.TAKEN_IN},
            headers={**headers(200), **RATE_LIMITS},
        ),
        **error_answers(OF_A_FORM, headers),
    },
}
