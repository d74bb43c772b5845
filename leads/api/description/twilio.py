"""The endpoints that Twilio calls: what leads write, and what became of messages to them."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from coachbot.http import errors
from coachbot.http.openapi import component, error_answers, text
from coachbot.providers.twilio.events import SIGNATURE
from leads.api.description.answers import BEFORE_ANY_VIEW, webhook_headers
from leads.api.description.vapi import SLUG

FORM = "application/x-www-form-urlencoded"


class TwilioSignatureScheme(OpenApiAuthenticationExtension):
    target_class = "leads.api.webhooks.twilio.SignatureAuthentication"
    name = "twilioSignature"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": SIGNATURE,
            "description": "HMAC-SHA1, in base64, of the public address and all fields under the "
            "auth token of the workspace's Twilio account.",
        }


COMMON = {
    "MessageSid": text("Twilio's id of the message: what comes twice is stored once."),
    "AccountSid": text("The account of the workspace."),
    "From": text("`whatsapp:` and a number, or an id of WhatsApp's."),
    "To": text("The other one of the two."),
    "ExternalUserId": text("WhatsApp's id of the lead."),
}
MESSAGE = component(
    "TwilioMessage",
    {
        "type": "object",
        "required": ["MessageSid", "AccountSid", "From", "To"],
        "description": "A message that somebody wrote. Other fields may be there.",
        "properties": {
            **COMMON,
            "Body": text("What was written; empty for media without a caption."),
            "MessageType": text("Twilio's word for what it is: `text`, `image`, `audio`, ..."),
            "NumMedia": text("How many media came along. They are not fetched."),
            "ProfileName": text("What the sender calls itself."),
            "WaId": text("The sender's digits, as WhatsApp has them."),
            "OptOutType": text("`STOP`, `START` or `HELP`, where Twilio dealt with it."),
        },
    },
)
MESSAGE_STATUS = component(
    "TwilioStatus",
    {
        "type": "object",
        "required": ["MessageSid", "AccountSid", "MessageStatus"],
        "description": "What became of a message. A word that is not known changes nothing.",
        "properties": {
            **COMMON,
            "MessageStatus": text("`sent`, `delivered`, `read`, `failed` or `undelivered`."),
            "ErrorCode": text("Why it did not arrive, such as `63016`."),
        },
    },
)
TWIML = {
    "description": "Taken in, known before, or of no concern. Nothing is answered to the sender.",
    "headers": webhook_headers(200),
    "content": {"text/xml": {"schema": {"type": "string", "const": "<Response/>"}}},
}


def _operation(name: str, summary: str, description: str, schema, parameters: list) -> dict:
    return {
        "operationId": name,
        "tags": ["Twilio"],
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "description": "Up to 64 KiB of a form, in UTF-8.",
            "content": {FORM: {"schema": schema}},
        },
        "responses": {
            "200": TWIML,
            **error_answers(
                [
                    *BEFORE_ANY_VIEW,
                    errors.INVALID_TWILIO_SIGNATURE,
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


ONE = "For Twilio: the address that the settings page shows. Requests may come twice and late."
ALL = "The same for all workspaces of a deployment; the number written to says which one it is."
OUR_ID = {
    "name": "m",
    "in": "query",
    "required": False,
    "description": "Coachbot's id of the message, from the address that went along with it.",
    "schema": {"type": "string"},
}
INBOUND = _operation("reportMessage", "Report what a lead wrote", ONE, MESSAGE, [SLUG])
INBOUND_OF_ALL = _operation("reportMessageOfAny", "Report what any lead wrote", ALL, MESSAGE, [])
STATUS = _operation(
    "reportMessageStatus", "Report what became of a message", ONE, MESSAGE_STATUS, [SLUG, OUR_ID]
)
STATUS_OF_ALL = _operation(
    "reportMessageStatusOfAny",
    "Report what became of any message",
    ALL,
    MESSAGE_STATUS,
    [OUR_ID],
)
