"""The operations: what each endpoint takes, and everything that it may answer."""

from coachbot import errors
from coachbot.openapi import JSON, answer, error_answers, header, optional, ref
from leads.api.description import examples
from leads.idempotency import BARE, KEPT_FOR, LONGEST_KEY

ALWAYS = {
    "X-Request-Id": header(
        "Names the request in Coachbot's log: yours, if you sent a sane one.",
        "3f1d6c9a5b7e4f2c8d0a1b2c3d4e5f60",
        pattern=r"^[A-Za-z0-9._-]{1,128}$",
    ),
    "Cache-Control": header("Answers are never stored.", "no-store", const="no-store"),
}
RATE_LIMITS = {
    "RateLimit-Policy": header(
        "The windows of the key: q requests in w seconds.",
        '"minute";q=5;w=60, "hour";q=100;w=3600',
    ),
    "RateLimit": header(
        "What is left of them: r requests, and t seconds until all of them.",
        '"minute";r=4;t=52, "hour";r=99;t=3412',
    ),
}
LOCATION = header("The path of the lead.", examples.LEAD_URL, pattern="^/api/public/leads/")
RETRY_AFTER = header("Whole seconds after which a request passes.", 12, type="integer", minimum=1)
REPLAYED = header("This is the first answer once more.", "true", const="true")
CHALLENGE = header("How to authenticate, by RFC 6750.", "Bearer", pattern="^Bearer")
ALLOW = header("The methods that the path has.", "POST, OPTIONS")

SPECIAL = {
    401: {"WWW-Authenticate": CHALLENGE},
    405: {"Allow": ALLOW},
    409: {
        "Location": optional(LOCATION),
        "Retry-After": optional(RETRY_AFTER),
        "Idempotent-Replayed": optional(REPLAYED),
    },
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}
# Of answers to requests that were counted, whatever came before or after.
COUNTED = {409, 413, 422, 502}
NEVER_COUNTED = {401, 403}


def webhook_headers(status: int) -> dict:
    return {**ALWAYS, **SPECIAL.get(status, {})}


def headers(status: int) -> dict:
    limits = RATE_LIMITS
    if status in NEVER_COUNTED:
        limits = {}
    elif status >= 400 and status not in COUNTED:
        limits = {name: optional(described) for name, described in RATE_LIMITS.items()}
    return {**webhook_headers(status), **limits}


BEFORE_ANY_VIEW = [errors.BAD_REQUEST, errors.HTTPS_REQUIRED, errors.INTERNAL_ERROR]
OF_A_KEY = [
    *BEFORE_ANY_VIEW,
    errors.MISSING_AUTHORIZATION,
    errors.MALFORMED_AUTHORIZATION,
    errors.INVALID_API_KEY,
    errors.WORKSPACE_NOT_FOUND,
    errors.METHOD_NOT_ALLOWED,
    errors.MINUTE_LIMIT,
    errors.HOURLY_LIMIT,
    errors.UNAVAILABLE,
]
OF_A_SUBMISSION = [
    errors.INVALID_JSON,
    errors.VALIDATION_FAILED,
    errors.CONSENT_REQUIRED,
    errors.DUPLICATE_PHONE,
    errors.IDEMPOTENCY_IN_PROGRESS,
    errors.PAYLOAD_TOO_LARGE,
    errors.IDEMPOTENCY_KEY_REUSED,
    errors.VOICE_DISPATCH_FAILED,
]
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

READ_IT = {
    "readLead": {
        "operationId": "readLead",
        "parameters": {"lead_id": "$response.body#/leadId"},
        "description": "What became of the lead.",
    }
}

SUBMIT_LEAD = {
    "operationId": "submitLead",
    "tags": ["Leads"],
    "summary": "Submit a lead",
    "description": "Takes a lead in. In a voice workspace the agent calls it at once, within "
    "the request, which therefore takes up to 15 seconds.",
    "security": [{"apiKey": []}],
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
        "description": "Up to 64 KiB of JSON.",
        "content": {
            JSON: {
                "schema": ref("LeadSubmission"),
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
            ref("Receipt"),
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
            links=READ_IT,
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
    "description": "What became of a lead, and of its latest call.",
    "security": [{"apiKey": []}],
    "parameters": [LEAD_ID],
    "responses": {
        "200": answer(
            "The lead.",
            ref("LeadAnswer"),
            examples={"booked": examples.LEAD, "not called yet": examples.NEW_LEAD},
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
    "security": [{"apiKey": []}],
    "parameters": [LEAD_ID],
    "responses": {
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

SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "The workspace.",
    "schema": {"type": "string"},
    "example": "demo",
}
TOOL = {
    "name": "tool",
    "in": "path",
    "required": True,
    "description": "Which tool the URL was entered for.",
    "schema": {"type": "string"},
    "example": "listSlots",
}


def webhook(operation_id: str, summary: str, description: str, *parameters: dict) -> dict:
    """Return the operation of an endpoint that Vapi calls."""
    return {
        "operationId": operation_id,
        "tags": ["Vapi"],
        "summary": summary,
        "description": description,
        "security": [{"toolSecret": []}],
        "parameters": list(parameters),
        "requestBody": {
            "required": True,
            "description": "Up to 5 MiB of JSON.",
            "content": {JSON: {"schema": ref("VapiMessage")}},
        },
        "responses": {
            "200": answer(
                "Taken in, or of no concern.",
                ref("VapiAnswer"),
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

READ_DESCRIPTION = {
    "operationId": "readDescription",
    "tags": ["Description"],
    "summary": "Read this description",
    "description": "As JSON; as YAML with `Accept: application/yaml`. Needs no key.",
    "security": [],
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
