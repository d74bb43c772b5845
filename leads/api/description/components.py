"""What goes in and comes out, as JSON Schema: to the letter in STRICT, for the fuzzer, and as
generators of clients can use it in PUBLISHED."""

from coachbot.http.openapi import closed, plain, ref, text
from leads.api.description import examples, vapi
from leads.api.serializers import DEEPEST_EXTRAS, LARGEST_NUMBER
from leads.intake.phones import LONGEST, SHORTEST
from leads.models import CallStatus, LeadStatus
from workspaces.models import Channel

NO_NUL = r"^[^\u0000]*$"
# White space as Python trims it, which is not what `\s` means to every reader of a pattern.
BLANK = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
VISIBLE = rf"^[^\u0000]*[^\u0000{BLANK}][^\u0000]*$"
PHONE_WRITTEN = r"^ *\+?[ ()-]*[1-9](?:[ ()-]*[0-9]){6,14}[ ()-]*$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"

BOTH_EXTRAS = "`metadata` and `formResponses` together stay under 16 KiB when serialised."


def known_or_null(description: str, **more) -> dict:
    return {"type": ["string", "null"], "description": description, **more}


def instant(description: str) -> dict:
    return text(description, format="date-time", pattern=INSTANT)


def instant_or_null(description: str) -> dict:
    return known_or_null(description, format="date-time", pattern=INSTANT)


def or_absent(description: str, *schemas: dict) -> dict:
    """Return an optional field: null and empty mean the same as leaving it out."""
    return {"description": description, "anyOf": [*schemas, {"const": ""}, {"type": "null"}]}


ERROR = closed(
    {
        "ok": {"const": False},
        "error": text("What your code switches on, exact to the character."),
    },
    message=text("For logs and for people; only where there is more to say."),
    issues={
        "type": "array",
        "minItems": 1,
        "items": ref("Issue"),
        "description": "With `Validation failed.` only: every problem, not just the first.",
    },
)
ISSUE = closed(
    {
        "path": {
            "type": "array",
            "items": {"type": ["string", "integer"]},
            "description": "Where it is: the field, and within it the key.",
        },
        "message": text("What is wrong with it."),
    }
)

ANY_JSON = {
    "description": f"Any JSON, nested up to {DEEPEST_EXTRAS} deep, with numbers below 2^63.",
    "anyOf": [
        {"type": ["null", "boolean"]},
        {"type": "number", "minimum": 1 - LARGEST_NUMBER, "maximum": LARGEST_NUMBER - 1},
        {"type": "string", "pattern": NO_NUL},
        {"type": "array", "items": ref("AnyJSON")},
        ref("AnyJSONObject"),
    ],
}
ANY_JSON_OBJECT = {
    "type": "object",
    "propertyNames": {"pattern": NO_NUL},
    "additionalProperties": ref("AnyJSON"),
}
NUMBER = {"type": "number", "minimum": 1 - LARGEST_NUMBER, "maximum": LARGEST_NUMBER - 1}
ONE_ANSWER = [{"type": ["null", "boolean"]}, NUMBER, {"type": "string", "pattern": NO_NUL}]
ANSWERS = {
    "type": "object",
    "propertyNames": {"pattern": NO_NUL},
    "additionalProperties": {
        "anyOf": [*ONE_ANSWER, {"type": "array", "items": {"anyOf": ONE_ANSWER}}]
    },
}

SUBMISSION = {
    "type": "object",
    "description": "A person who asked to be called. Fields that are not listed are ignored.",
    "required": ["name", "phone", "consent"],
    "properties": {
        "name": text(
            "1 to 120 characters after trimming.", minLength=1, maxLength=120, pattern=VISIBLE
        ),
        "phone": text(
            "As the person wrote it; formatting is dropped. Without a country code it is one of "
            "the workspace's default country. Stored as plus and 7 to 15 digits, the first not "
            "0.",
            minLength=SHORTEST,
            maxLength=LONGEST,
            pattern=PHONE_WRITTEN,
        ),
        "consent": {
            "const": True,
            "description": "The literal true: the person agreed to be contacted. "
            "The moment is kept with the lead.",
        },
        "email": or_absent(
            "An e-mail address of up to 254 characters.", text("", format="email", maxLength=254)
        ),
        "goal": or_absent(
            "What the person wants, in up to 2,000 characters.",
            text("", maxLength=2000, pattern=NO_NUL),
        ),
        "metadata": or_absent(
            f"Whatever you want to find again. Null and empty values are dropped. {BOTH_EXTRAS}",
            ref("AnyJSONObject"),
        ),
        "formResponses": or_absent(
            f"Question id to answer: string, number, boolean, or a list of these. {BOTH_EXTRAS}",
            ANSWERS,
        ),
    },
    "examples": [examples.SUBMISSION, examples.SMALLEST_SUBMISSION],
}

LEAD_ID = {"type": "string", "format": "uuid"}
RECEIPT = {
    "description": "What became of the submission.",
    "oneOf": [
        closed(
            {
                "ok": {"const": True},
                "leadId": LEAD_ID,
                "status": {"const": CallStatus.IN_PROGRESS.value},
                "vapiCallId": text("Vapi's id of the call."),
                "callQueued": {"const": True},
            }
        ),
        closed(
            {
                "ok": {"const": True},
                "leadId": LEAD_ID,
                "status": {"const": LeadStatus.NEW.value},
                "callQueued": {"const": False, "description": "The agent is paused."},
            }
        ),
        closed(
            {
                "ok": {"const": True},
                "leadId": LEAD_ID,
                "status": {"const": LeadStatus.NEW.value},
                "messageQueued": {"const": True, "description": "A WhatsApp workspace."},
            }
        ),
    ],
}

LEAD = closed(
    {
        "id": LEAD_ID,
        "channel": {"enum": Channel.values},
        "name": text("As sent, trimmed."),
        "phone": text("Plus and digits.", pattern=r"^\+[1-9][0-9]{6,14}$"),
        "email": known_or_null("As sent."),
        "goal": known_or_null("As sent."),
        "status": {
            "enum": LeadStatus.values,
            "description": "`new`: nobody reached yet. `in_conversation`: the agent is talking "
            "to the lead or has. `booked`. `unqualified`: `qualificationNotes` says why. "
            "`needs_human`: the agent escalated, or a person took over.",
        },
        "qualificationNotes": known_or_null("What the agent noted."),
        "bookingUid": known_or_null("Cal.com's id of the booking."),
        "bookingStart": instant_or_null("When the booked appointment starts."),
        "metadata": {
            "type": "object",
            "description": "As sent, without empty values.",
            "additionalProperties": True,
        },
        "createdAt": instant("When the lead came in."),
        "updatedAt": instant("When anything of it last changed."),
    }
)
VOICE_CALL = closed(
    {
        "status": {"enum": [CallStatus.IN_PROGRESS.value, CallStatus.ENDED.value]},
        "startedAt": instant_or_null("When it was picked up."),
        "endedAt": instant_or_null("When it was over."),
        "durationSeconds": {"type": ["integer", "null"], "minimum": 0},
        "summary": known_or_null("What was said, in short."),
        "transcript": known_or_null("What was said, line by line."),
        "recordingUrl": known_or_null(
            "Where the recording is. Send the API key, and follow the redirect."
        ),
        "endedReason": known_or_null("Vapi's word for why it ended."),
    }
)
LEAD_ANSWER = closed(
    {
        "ok": {"const": True},
        "lead": ref("Lead"),
        "voiceCall": {
            "description": "The latest call; null where there is none.",
            "anyOf": [ref("VoiceCall"), {"type": "null"}],
        },
    }
)

STRICT = {
    "LeadSubmission": SUBMISSION,
    "Receipt": RECEIPT,
    "LeadAnswer": LEAD_ANSWER,
    "Lead": LEAD,
    "VoiceCall": VOICE_CALL,
    "Error": ERROR,
    "Issue": ISSUE,
    "AnyJSON": ANY_JSON,
    "AnyJSONObject": ANY_JSON_OBJECT,
    **vapi.SCHEMAS,
}
ANY_OBJECT = {"type": ["object", "null"], "additionalProperties": True}
FLAT_RECEIPT = {
    "type": "object",
    "description": "What became of the submission.",
    "required": ["ok", "leadId", "status"],
    "properties": {
        "ok": {"const": True},
        "leadId": LEAD_ID,
        "status": {
            "enum": [CallStatus.IN_PROGRESS.value, LeadStatus.NEW.value],
            "description": "`in_progress`: the lead is being called. `new`: it is saved.",
        },
        "vapiCallId": text("Vapi's id of the call; where there is one."),
        "callQueued": {
            "type": "boolean",
            "description": "In a voice workspace: whether it is called.",
        },
        "messageQueued": {"type": "boolean", "description": "In a WhatsApp workspace."},
    },
}


def published() -> dict:
    """Return the schemas of /api/schema."""
    found = plain({name: schema for name, schema in STRICT.items() if "AnyJSON" not in name})
    submission = found["LeadSubmission"]["properties"]
    submission["metadata"] = {
        **ANY_OBJECT,
        "description": SUBMISSION["properties"]["metadata"]["description"],
    }
    return {**found, "Receipt": plain(FLAT_RECEIPT)}


SECURITY = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ck_live_ and 32 hex digits",
        "description": "An API key of a workspace, from its dashboard.",
    },
    "toolSecret": {
        "type": "http",
        "scheme": "bearer",
        "description": "The tool secret of the workspace, as a bearer token. Vapi's older "
        "header X-Vapi-Secret is accepted too.",
    },
}


def add_components(result, generator, request, public):
    """drf-spectacular's hook: add what the operations refer to."""
    result["components"] = {"schemas": published(), "securitySchemes": SECURITY}
    return result
