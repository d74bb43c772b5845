"""Every error the API answers: one catalogue for the code, the docs and the API description.

Clients switch on `error`, so a string here is a promise, exact to the character. It is one table,
and stays in one module however long that gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ErrorKind:
    """One row of the errors table: what is sent, when, and what the client should do.

    message, issues: an example of them, where the envelope has any.
    """

    status: int
    error: str
    when: str
    reaction: str
    retry: str
    message: str = ""
    issues: tuple[dict, ...] = ()

    @property
    def code(self) -> str:
        """Return what stands for it in the log, such as `api.duplicate_phone`."""
        return CODES[self.error]

    @property
    def example(self) -> dict:
        """Return the envelope as a client may see it."""
        return self.body(self.message, list(self.issues))

    def body(self, message: str | None = None, issues: list | None = None) -> dict:
        """Return the envelope as a dict; `message` and `issues` only where there is one."""
        envelope = {"ok": False, "error": self.error}
        if message:
            envelope["message"] = message
        if issues:
            envelope["issues"] = issues
        return envelope


INVALID_JSON = ErrorKind(
    400,
    "Request body must be valid JSON.",
    "The body is missing, cannot be parsed, or was not sent as JSON.",
    "Send valid JSON with the header Content-Type: application/json.",
    "no",
)
VALIDATION_FAILED = ErrorKind(
    400,
    "Validation failed.",
    "One or more fields have the wrong type or length. `issues` names every one of them.",
    "Map the path and message of each issue back to your form.",
    "no",
    message="name: This field is required. phone: Phone must be a valid E.164-style number.",
    issues=(
        {"path": ["name"], "message": "This field is required."},
        {"path": ["phone"], "message": "Phone must be a valid E.164-style number."},
    ),
)
CONSENT_REQUIRED = ErrorKind(
    400,
    "`consent` must be true.",
    "The field `consent` is missing, false, or anything but the literal true.",
    "Ask for explicit consent with a required checkbox and send true.",
    "no",
)
MISSING_AUTHORIZATION = ErrorKind(
    401,
    "Missing Authorization header.",
    "The request has no Authorization header.",
    "Send Authorization: Bearer <api key>.",
    "no",
)
MALFORMED_AUTHORIZATION = ErrorKind(
    401,
    "Authorization header must use the `Bearer <api key>` scheme.",
    "The Authorization header is there but malformed.",
    "Send the word Bearer, one space, and the key.",
    "no",
)
INVALID_API_KEY = ErrorKind(
    401,
    "API key is invalid or revoked.",
    "The key is unknown, mistyped or revoked.",
    "Check the key, or create a new one in the dashboard.",
    "no",
)
INVALID_TOOL_SECRET = ErrorKind(
    401,
    "Tool secret is invalid.",
    "An event or a tool call of Vapi came with a secret that is not the workspace's.",
    "Copy URL and secret from the workspace's settings into Vapi, the secret as a bearer token.",
    "no",
)
INVALID_SIGNATURE = ErrorKind(
    401,
    "Signature is invalid.",
    "An event of Cal.com is not signed with the secret of the workspace's webhook.",
    "Let Coachbot make the webhook: connect Cal.com in the workspace's settings.",
    "no",
)
INVALID_TWILIO_SIGNATURE = ErrorKind(
    403,
    "Invalid signature.",
    "A message or a status of Twilio is not signed with the workspace's auth token.",
    "Enter the address from the settings in Twilio, and Twilio's auth token in the settings.",
    "no",
)
HTTPS_REQUIRED = ErrorKind(
    403,
    "HTTPS is required.",
    "The request came over plain HTTP.",
    "Use https://, and replace the key: it travelled in the clear.",
    "no",
)
INSUFFICIENT_SCOPE = ErrorKind(
    403,
    "insufficient_scope",
    "The key may not do this. `message` names the scope that it needs.",
    "Use a key that was made with that scope: scopes of a key do not change.",
    "no",
    message="This API key may not list leads: it needs the scope leads:list.",
)
LEAD_NOT_FOUND = ErrorKind(
    404,
    "Lead not found.",
    "No lead of this workspace has that id.",
    "Check the id. A lead that was deleted answers the same.",
    "no",
)
WORKSPACE_NOT_FOUND = ErrorKind(
    404,
    "Workspace not found.",
    "The key is good, but its workspace has been deleted.",
    "Use a key of a workspace that exists.",
    "no",
)
RECORDING_NOT_FOUND = ErrorKind(
    404,
    "Recording not found.",
    "The latest call of the lead has no recording, or Vapi holds it no longer.",
    "Read the lead: recordingUrl is null where there is no recording.",
    "no",
)
NOT_FOUND = ErrorKind(
    404, "Not found.", "There is no such path.", "Check the address of the request.", "no"
)
METHOD_NOT_ALLOWED = ErrorKind(
    405,
    "Method not allowed.",
    "The path exists, but not for this method.",
    "Use a method that the Allow header names.",
    "no",
)
DUPLICATE_PHONE = ErrorKind(
    409,
    "duplicate_phone",
    "This phone is already a lead of this workspace.",
    "Treat it as success when you retry: the lead is there, and Location says where.",
    "no",
    message="A lead with this phone number already exists in the workspace.",
)
PAYLOAD_TOO_LARGE = ErrorKind(
    413,
    "Request body is too large.",
    "The body is over the limit of the path: 64 KiB for leads, 5 MiB for Vapi's messages.",
    "Send less.",
    "no",
)
IDEMPOTENCY_KEY_REUSED = ErrorKind(
    422,
    "idempotency_key_reused",
    "This Idempotency-Key came with another body within the last 24 hours.",
    "Make a new key for each submission, and keep it for the retries of that one.",
    "no",
    message="This Idempotency-Key was used with another body. Make a new one.",
)
MINUTE_LIMIT = ErrorKind(
    429,
    "Rate limit exceeded. Wait a minute before retrying.",
    "The per-minute window of this key is full, or an address failed authentication too often.",
    "Wait as many seconds as Retry-After says.",
    "after Retry-After",
)
HOURLY_LIMIT = ErrorKind(
    429,
    "Hourly rate limit exceeded.",
    "The per-hour window of this key is full.",
    "Wait as many seconds as Retry-After says.",
    "after Retry-After",
)
INTERNAL_ERROR = ErrorKind(
    500,
    "Internal server error.",
    "A bug in Coachbot.",
    "Retry with back-off and report it with its X-Request-Id.",
    "with back-off",
)
VOICE_DISPATCH_FAILED = ErrorKind(
    502,
    "voice_dispatch_failed",
    "The call could not be placed. `message` carries the error of the provider verbatim.",
    "Retry once or twice with back-off. If it goes on, read /admin/<slug>/logs.",
    "with back-off",
    message="""Vapi /call failed (400): {"statusCode":400,"message":"Couldn't Get Assistant."}""",
)
RECORDING_UNAVAILABLE = ErrorKind(
    502,
    "recording_unavailable",
    "Vapi could not be asked for the recording. `message` says why.",
    "Retry with back-off.",
    "with back-off",
)
UNAVAILABLE = ErrorKind(
    503,
    "Service temporarily unavailable.",
    "The database or the cache is down or takes no writes, or too many calls are being placed at "
    "once: then nothing was stored. Or a lead that is to be erased is being called. Else it may be "
    "unknown, and `message` says so.",
    "Wait as many seconds as Retry-After says, then send the same again, with its Idempotency-Key "
    "if it has one. A lead that was stored is answered 409, and nobody is called twice.",
    "after Retry-After",
)

BAD_REQUEST = ErrorKind(
    400,
    "Bad request.",
    "The request itself is malformed, or names a host that is not ours.",
    "Correct it.",
    "no",
)
FORBIDDEN = ErrorKind(403, "Forbidden.", "The request is not allowed.", "Do not repeat it.", "no")

# All of them, by status: what the documentation and the API description are made from.
CATALOGUE = sorted(
    (kind for kind in list(globals().values()) if isinstance(kind, ErrorKind)),
    key=lambda kind: kind.status,
)

CODES = {
    kind.error: f"api.{name.lower()}"
    for name, kind in list(globals().items())
    if isinstance(kind, ErrorKind)
}
BY_CODE = {kind.code: kind for kind in CATALOGUE}

# What stands for a status that the framework answers by itself.
BY_STATUS = {
    kind.status: kind
    for kind in (
        BAD_REQUEST,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        PAYLOAD_TOO_LARGE,
        UNAVAILABLE,
    )
}


def kind_for_status(status: int) -> ErrorKind:
    """Return the kind that stands for a bare HTTP status, INTERNAL_ERROR for unknown ones."""
    return BY_STATUS.get(status, INTERNAL_ERROR if status >= 500 else BAD_REQUEST)


@dataclass
class ApiError(Exception):
    """An expected failure of an API request: its kind and what there is to say beyond it.

    cause: the code of what went wrong behind it, where the log is to tell that instead.
    """

    kind: ErrorKind
    message: str | None = None
    issues: list[dict] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""
