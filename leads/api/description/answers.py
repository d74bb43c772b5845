"""What answers have in common: their headers, and which errors are possible where."""

from coachbot.http import errors
from coachbot.http.openapi import header, optional
from leads.api.description import examples

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
ALLOW = header("The methods that the path has.", "GET, POST, HEAD, OPTIONS")

SPECIAL = {
    401: {"WWW-Authenticate": CHALLENGE},
    403: {"WWW-Authenticate": optional(CHALLENGE)},
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
NEVER_COUNTED = {401}


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
    errors.INSUFFICIENT_SCOPE,
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
    errors.PAYLOAD_TOO_LARGE,
    errors.IDEMPOTENCY_KEY_REUSED,
    errors.VOICE_DISPATCH_FAILED,
]
