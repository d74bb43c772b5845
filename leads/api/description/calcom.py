"""The endpoint that Cal.com calls: its webhooks."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from coachbot.http import errors
from coachbot.http.bodies.sizes import LARGEST_FORM
from coachbot.http.openapi import JSON, answer, component, error_answers, text
from coachbot.providers.calcom.events import SIGNATURE
from leads.api.description import examples
from leads.api.description.answers import BEFORE_ANY_VIEW, webhook_headers
from leads.api.description.vapi import SLUG


class SignatureScheme(OpenApiAuthenticationExtension):
    target_class = "leads.api.webhooks.calcom.SignatureAuthentication"
    name = "calcomSignature"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": SIGNATURE,
            "description": "HMAC-SHA256 of the body under the webhook's secret, in hexadecimal.",
        }


CALCOM_EVENT = component(
    "CalcomEvent",
    {
        "type": "object",
        "required": ["triggerEvent"],
        "description": "One of Cal.com's events. It only names the booking that Coachbot then "
        "asks Cal.com for.",
        "properties": {
            "triggerEvent": text("Cal.com's word for what happened."),
            "createdAt": {"description": "ISO 8601. An event older than a day is ignored."},
            "payload": {
                "description": "The booking, with its `uid` or `bookingUid`, `rescheduleUid`, "
                "`iCalUID`, `metadata` and `requestReschedule`. They may stand beside "
                "`triggerEvent`, too."
            },
        },
        "examples": [examples.BOOKING_CANCELLED],
    },
)

CALCOM_ANSWER = component("CalcomAnswer", {"type": "object", "maxProperties": 0})
CALCOM_EVENTS = {
    "operationId": "reportBooking",
    "tags": ["Cal.com"],
    "summary": "Report what happened to a booking",
    "description": "For Cal.com, which Coachbot has make this webhook when it is connected. "
    "Events may come twice, in any order or not at all.",
    "parameters": [SLUG],
    "requestBody": {
        "required": True,
        "description": f"Up to {LARGEST_FORM // 1024} KiB of JSON, or a form.",
        "content": {JSON: {"schema": CALCOM_EVENT}},
    },
    "responses": {
        "200": answer(
            "Taken in, or of no concern.",
            CALCOM_ANSWER,
            examples={"an event": {}},
            headers=webhook_headers(200),
        ),
        **error_answers(
            [
                *BEFORE_ANY_VIEW,
                errors.INVALID_SIGNATURE,
                errors.VALIDATION_FAILED,
                errors.METHOD_NOT_ALLOWED,
                errors.PAYLOAD_TOO_LARGE,
                errors.MINUTE_LIMIT,
                errors.UNAVAILABLE,
            ],
            webhook_headers,
        ),
    },
}
