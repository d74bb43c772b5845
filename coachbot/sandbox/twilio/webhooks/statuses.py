"""Status callbacks: their fields, and what they say with a code (key sets as captured)."""

from collections.abc import Mapping

from coachbot.sandbox.twilio.addresses import external_id, number_of
from coachbot.sandbox.twilio.memory import VERSION, Message

# What Twilio says with a code in the callback (its error dictionary, 2023).
WORDS = {
    63001: "Channel could not authenticate the request.",
    63003: "Channel could not find To address",
    63012: "Channel provider returned an internal service error",
    63013: "This message send failed because it violates Channel provider's policy",
    63014: "This message failed to be delivered to the user because it is blocked by a user action",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: (
        "Failed to send freeform message because you are outside the allowed window. If you are "
        "using WhatsApp, please use a Message Template."
    ),
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
    63028: "Number of parameters provided does not match the expected number of parameters",
    63032: "User cannot receive this message due to WhatsApp limitation",
    63040: "Template rejected",
    63041: "Template paused",
    63042: "Template disabled",
    63049: "Meta chose not to deliver this WhatsApp marketing message",
    63051: "WhatsApp sender is locked",
}


def fields_of(message: Message, status: str, code: int) -> Mapping[str, str]:
    """The fields of one. code: of the error, or 0."""
    fields = {
        "ChannelPrefix": "whatsapp",
        "ApiVersion": VERSION,
        "MessageStatus": status,
        "SmsStatus": status,
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "ChannelInstallSid": "XE" + "0" * 32,
        "ChannelToAddress": message.to.partition(":")[2][:-4] + "XXXX",
        "From": message.from_,
        "To": message.to,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if status == "sent":
        fields["StructuredMessage"] = "false"
    if status in ("delivered", "read"):
        fields["ExternalUserId"] = external_id(number_of(message.to))
    if code:
        words = WORDS[code]
        fields |= {"ErrorCode": str(code), "ErrorMessage": words, "ChannelStatusMessage": words}
    return fields
