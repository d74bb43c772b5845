"""What a lead can send, as the fields of Twilio's webhook (key sets as captured)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from coachbot.sandbox.twilio.addresses import external_id
from coachbot.sandbox.twilio.memory import VERSION, new_sid

Fields = dict[str, str]
LONGEST_BODY = 1_600
API = "https://api.twilio.com"


@dataclass(frozen=True)
class Said:
    """One thing that a lead sends.

    shape: a name in SHAPES. after: seconds that it takes. sid: if it is to be a certain one. name:
    as the lead calls itself. hides_number: whether it comes with its BSUID alone. address: of
    whoever sends it, if not the lead. fields: what the webhook says besides, or otherwise. age:
    seconds that it is old. delivered: whether there is a webhook; else it is only listed. signing:
    as a word of Signing, if not as the account says. times: how often the webhook comes.
    """

    body: str = ""
    shape: str = "text"
    after: float = 1.0
    sid: str = ""
    name: str = "Jane Doe"
    hides_number: bool = False
    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    age: float = 0.0
    delivered: bool = True
    signing: str = ""
    times: int = 1


def fields_of(account_sid: str, lead: str, sender: str, said: Said) -> Fields:
    """The fields of the webhook. lead: who sends, sender: the number that it writes to."""
    sid = said.sid or new_sid("MM" if said.shape in WITH_MEDIA else "SM")
    address = f"whatsapp:{external_id(lead)}" if said.hides_number else lead
    basic = {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": said.name,
        "MessageType": "text",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": said.body[:LONGEST_BODY],
        "To": sender,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": account_sid,
        "From": address,
        "ApiVersion": VERSION,
        "ExternalUserId": external_id(lead),
    }
    if not said.hides_number:
        basic["WaId"] = lead.partition("+")[2]
    context = {"Context": {"ProfileName": said.name}}
    basic["ChannelMetadata"] = json.dumps({"type": "whatsapp", "data": {"context": context}})
    shown = SHAPES[said.shape](basic)
    return {**basic, **shown, **said.fields}


def _media(
    kind: str, content_type: str, *, has_caption: bool = False
) -> Callable[[Fields], Fields]:
    def shape(basic: Fields) -> Fields:
        path = f"/{VERSION}/Accounts/{basic['AccountSid']}/Messages/{basic['MessageSid']}"
        return {
            "MessageType": kind,
            "Body": basic["Body"] if has_caption else "",
            "NumMedia": "1",
            "MediaContentType0": content_type,
            "MediaUrl0": f"{API}{path}/Media/{new_sid('ME')}",
        }

    return shape


def _place(basic: Fields) -> Fields:
    return {
        "MessageType": "location",
        "Body": "",
        "Latitude": "51.5007",
        "Longitude": "-0.1246",
        "Address": "Westminster, London SW1A 0AA",
        "Label": "Big Ben",
    }


def _button(basic: Fields) -> Fields:
    text = basic["Body"] or "Yes, please"
    return {
        "MessageType": "interactive",
        "Body": text,
        "ButtonText": text,
        "ButtonPayload": "yes",
        "ButtonType": "QUICK_REPLY",
    }


def _reply(basic: Fields) -> Fields:
    return {"OriginalRepliedMessageSid": new_sid("SM"), "OriginalRepliedMessageSender": basic["To"]}


WITH_MEDIA = ("voice", "picture", "video", "document", "contact")
SHAPES: Mapping[str, Callable[[Fields], Fields]] = {
    "text": lambda basic: {},
    "empty": lambda basic: {"Body": ""},
    "emoji": lambda basic: {"Body": "👍" * LONGEST_BODY},
    "nul": lambda basic: {"Body": "Yes\x00please"},
    "voice": _media("audio", "audio/ogg"),
    "picture": _media("image", "image/jpeg", has_caption=True),
    "video": _media("video", "video/mp4", has_caption=True),
    "document": _media("document", "application/pdf"),
    "contact": _media("contacts", "text/vcard"),
    "location": _place,
    "button": _button,
    "reply": _reply,
    "unknown": lambda basic: {"MessageType": "hologram", "Body": ""},
    "opted_out": lambda basic: {"OptOutType": "STOP"},
}
