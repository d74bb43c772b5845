"""Twilio, inbound: what a lead wrote, and what became of a message of ours.

What it sends is read field by field: each may be missing, and new ones come without notice. See
docs/providers/twilio.md, section 4; signature.py says whether it was Twilio.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from coachbot.providers.reading import text
from coachbot.providers.twilio import signature
from coachbot.providers.twilio.errors import read_code
from coachbot.providers.twilio.signature import Fields
from coachbot.visible import without_turning

SIGNATURE = signature.SIGNATURE
is_authentic = signature.is_authentic

PREFIX = "whatsapp:"
LONGEST_ADDRESS = 160
LONGEST_NAME = 120
# Twilio's own limit is 1,600; a caption may be longer one day.
LONGEST_BODY = 4_096
LONGEST_WORD = 64
LONGEST_LINE = 300
MOST_MEDIA = 10
SID = re.compile(r"[A-Za-z0-9]{1,64}")
# A country, and up to 128 letters and digits.
PERSON = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
COORDINATE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,16})?")
# Twilio's words for what a message is, and ours.
KINDS = {
    "text": "text",
    "image": "image",
    "sticker": "image",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "document": "document",
    "contacts": "contacts",
    "location": "location",
    "interactive": "button",
    "button": "button",
}
CONTACT_TYPES = ("text/vcard", "text/x-vcard")
# Of a person who came by an advertisement that opens WhatsApp.
REFERRAL = ("ReferralSourceType", "ReferralSourceId", "ReferralHeadline", "ReferralCtwaClid")


class NotAMessage(ValueError):
    """A form is no WhatsApp message, or no news of one; `str()` says what is missing."""


@dataclass(frozen=True)
class Inbound:
    """A message that a person wrote. Texts are "" where nothing is said; none is to be trusted.

    account_sid, service_sid, to: by which the workspace is found. from_, to: `whatsapp:+` and
    digits; of a person without a number `whatsapp:` with a country, a dot and an id.
    wa_id: the sender's digits, as WhatsApp has them. kind: a word of MessageKind.
    media: a `type` for each. place: `latitude`, `longitude`, `address`, `label`.
    button: what stands on the button that was pressed. replied_to: the sid of the message that it
    answers. opt_out_type: STOP, START or HELP where Twilio has dealt with it itself.
    referral: by which advertisement the person came.
    """

    sid: str
    account_sid: str
    service_sid: str
    from_: str
    to: str
    external_user_id: str
    wa_id: str
    profile_name: str
    body: str
    kind: str
    media: tuple[Mapping[str, str], ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    replied_to: str = ""
    opt_out_type: str = ""
    referral: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusNews:
    """What became of a message of ours. status: Twilio's word, whatever it is.

    error_code: such as "63016"; error: Twilio's sentence. message_id: our own, None where the
    address carried none.
    """

    sid: str
    account_sid: str
    status: str
    error_code: str
    error: str
    external_user_id: str
    message_id: uuid.UUID | None


def read_inbound(fields: Fields) -> Inbound:
    """Return what a person wrote. Raises NotAMessage."""
    state = _word(fields, "SmsStatus").lower()
    if state not in ("", "received", "receiving"):
        raise NotAMessage(f"Expected a message that came in, not one that is {state}.")
    sid, sender, to = _sid_of(fields), _address(fields, "From"), _address(fields, "To")
    if not (sender and to):
        raise NotAMessage("Expected From and To with `whatsapp:` before the number.")
    media, button = _media(fields), _line(fields, "ButtonText")
    place = _place(fields)
    body = _value(fields, "Body")[:LONGEST_BODY]
    return Inbound(
        sid=sid,
        account_sid=_word(fields, "AccountSid"),
        service_sid=_word(fields, "MessagingServiceSid"),
        from_=sender,
        to=to,
        external_user_id=_person(fields),
        wa_id=_digits(fields, "WaId"),
        profile_name=_line(fields, "ProfileName")[:LONGEST_NAME],
        body=body or button,
        kind=_kind(fields, media, place, button),
        media=media,
        place=place,
        button=button,
        replied_to=_word(fields, "OriginalRepliedMessageSid"),
        opt_out_type=_word(fields, "OptOutType").upper(),
        referral={name: told for name in REFERRAL if (told := _line(fields, name))},
    )


def read_status(fields: Fields, query: Fields | None = None) -> StatusNews:
    """Return what became of a message. query: of the address, whose `m` is our id of the message.

    Raises NotAMessage.
    """
    sid = _sid_of(fields)
    status = (_word(fields, "MessageStatus") or _word(fields, "SmsStatus")).lower()
    if not status:
        raise NotAMessage("Expected a status: MessageStatus is missing.")
    told = _line(fields, "ErrorMessage") or _line(fields, "ChannelStatusMessage")
    return StatusNews(
        sid=sid,
        account_sid=_word(fields, "AccountSid"),
        status=status,
        error_code=read_code(_value(fields, "ErrorCode")),
        error=told,
        external_user_id=_person(fields),
        message_id=_message_id(_value(query, "m") if query is not None else ""),
    )


def _kind(
    fields: Fields, media: tuple[Mapping[str, str], ...], place: Mapping[str, str], button: str
) -> str:
    """Return what a message is by Twilio's word for it, else by what is in it."""
    if word := _word(fields, "MessageType").lower():
        return KINDS.get(word, "unknown")
    if media:
        return _media_kind(media[0]["type"])
    if place:
        return "location"
    return "button" if button else "text"


def _media_kind(content_type: str) -> str:
    if content_type in CONTACT_TYPES:
        return "contacts"
    begin = content_type.partition("/")[0]
    if begin in ("image", "audio", "video"):
        return begin
    return "document" if content_type else "unknown"


def _media(fields: Fields) -> tuple[Mapping[str, str], ...]:
    """Return the kinds of what was sent along. Nobody fetches it, so its addresses are not kept."""
    told = _value(fields, "NumMedia")
    number = int(told) if re.fullmatch(r"[0-9]{1,2}", told) else 0
    types = (_word(fields, f"MediaContentType{n}") for n in range(min(number, MOST_MEDIA)))
    return tuple({"type": kind.lower()} for kind in types)


def _place(fields: Fields) -> Mapping[str, str]:
    latitude, longitude = _value(fields, "Latitude"), _value(fields, "Longitude")
    if not (COORDINATE.fullmatch(latitude) and COORDINATE.fullmatch(longitude)):
        return {}
    more = {"address": _line(fields, "Address"), "label": _line(fields, "Label")}
    told = {name: value for name, value in more.items() if value}
    return {"latitude": latitude, "longitude": longitude, **told}


def _sid_of(fields: Fields) -> str:
    for name in ("MessageSid", "SmsMessageSid", "SmsSid"):
        if SID.fullmatch(sid := _value(fields, name)):
            return sid
    raise NotAMessage("Expected a message: MessageSid is missing.")


def _address(fields: Fields, name: str) -> str:
    """Return an address of WhatsApp's; "" for any other, and for one that is too long."""
    found = _value(fields, name)
    is_one = found.startswith(PREFIX) and len(PREFIX) < len(found) <= LONGEST_ADDRESS
    return found if is_one and found.isprintable() and " " not in found else ""


def _person(fields: Fields) -> str:
    """Return WhatsApp's id of a person as an address, whether it came as one or bare."""
    found = _value(fields, "ExternalUserId")
    is_bare = PERSON.fullmatch(found) is not None
    return f"{PREFIX}{found}" if is_bare else _address(fields, "ExternalUserId")


def _digits(fields: Fields, name: str) -> str:
    found = _value(fields, name)
    return found if re.fullmatch(r"[0-9]{1,20}", found) else ""


def _word(fields: Fields, name: str) -> str:
    return _value(fields, name)[:LONGEST_WORD]


def _line(fields: Fields, name: str) -> str:
    """Return a text on one line that turns nothing around."""
    return without_turning(_value(fields, name)[:LONGEST_LINE])


def _value(fields: Fields, name: str) -> str:
    """Return a field's text, storable; "" where there is none. Of several the last one counts."""
    return text(next(reversed(fields.getlist(name)), ""))


def _message_id(told: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(told)
    except ValueError:
        return None
