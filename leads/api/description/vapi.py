"""The endpoints that Vapi calls: its messages, and what it may be answered."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from coachbot.http import errors
from coachbot.http.bodies.sizes import LARGEST_BODY
from coachbot.http.openapi import JSON, answer, component, error_answers, path_parameter, text
from coachbot.providers.vapi.tool_calls import MOST_CALLS
from leads.api.description import examples
from leads.api.description.answers import BEFORE_ANY_VIEW, webhook_headers
from leads.api.serializers.vapi_answers import VapiAnswerSerializer


class ToolSecretScheme(OpenApiAuthenticationExtension):
    target_class = "leads.api.webhooks.vapi.ToolSecretAuthentication"
    name = "toolSecret"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The tool secret of the workspace, as a bearer token. Vapi's older "
            "header X-Vapi-Secret is accepted too.",
        }


VAPI_MESSAGE = component(
    "VapiMessage",
    {
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {
                "type": "object",
                "required": ["type"],
                "description": "One of Vapi's server messages. Coachbot reads `status-update`, "
                "`end-of-call-report`, `tool-calls`, `assistant-request` and "
                "`transfer-destination-request`; every other type changes nothing.",
                "properties": {
                    "type": text("Vapi's word for what the message is."),
                    "timestamp": {"description": "Epoch milliseconds or ISO 8601."},
                    "call": {"description": "The call, with Vapi's `id` of it."},
                    "status": {"description": "Of a `status-update`."},
                    "endedReason": {"description": "Why the call ended."},
                    "startedAt": {"description": "Of an `end-of-call-report`."},
                    "endedAt": {"description": "Of an `end-of-call-report`."},
                    "analysis": {"description": "With the `summary`."},
                    "artifact": {"description": "With the `transcript` and the recording."},
                    "toolCallList": {
                        "description": f"What the assistant asks for, up to {MOST_CALLS} at once."
                    },
                },
            }
        },
        "examples": [examples.STATUS_UPDATE, examples.END_OF_CALL, examples.TOOL_CALL],
    },
)
OF_A_WEBHOOK = [
    *BEFORE_ANY_VIEW,
    errors.MISSING_AUTHORIZATION,
    errors.INVALID_TOOL_SECRET,
    errors.INVALID_JSON,
    errors.VALIDATION_FAILED,
    errors.METHOD_NOT_ALLOWED,
    errors.PAYLOAD_TOO_LARGE,
    errors.MINUTE_LIMIT,
    errors.UNAVAILABLE,
]


SLUG = path_parameter("slug", "The workspace.", "demo")
TOOL = path_parameter("tool", "Which tool the URL was entered for.", "listSlots")


def webhook(operation_id: str, summary: str, description: str, *parameters: dict) -> dict:
    """Return the operation of an endpoint that Vapi calls."""
    return {
        "operationId": operation_id,
        "tags": ["Vapi"],
        "summary": summary,
        "description": description,
        "parameters": list(parameters),
        "requestBody": {
            "required": True,
            "description": f"Up to {LARGEST_BODY // 1024**2} MiB of JSON.",
            "content": {JSON: {"schema": VAPI_MESSAGE}},
        },
        "responses": {
            "200": answer(
                "Taken in, or of no concern.",
                VapiAnswerSerializer,
                examples={"an event": {}, "a tool call": examples.TOOL_ANSWER},
                headers=webhook_headers(200),
            ),
            **error_answers(OF_A_WEBHOOK, webhook_headers),
        },
    }


VAPI_EVENTS = webhook(
    "reportCall",
    "Report what happens in a call",
    "For Vapi. Calls and leads follow what it reports. Messages may come twice, late or in "
    "any order.",
    SLUG,
)
VAPI_TOOL = webhook(
    "useTool",
    "Do something for the assistant",
    "For Vapi. The assistant uses a tool in the middle of a call, and says what it gets back.",
    SLUG,
    TOOL,
)
