"""What Twilio sends, read field by field: of any shape, and of no shape."""

import random
import uuid
from dataclasses import asdict
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from coachbot.providers.twilio.events import NotAMessage, read_inbound, read_status
from tests.providers import ODD_VALUES

ACCOUNT, SID = "AC" + "0" * 32, "SM" + "1" * 32
# As Twilio's sandbox sent them in September 2026, with values of ours.
TEXT = {
    "ApiVersion": "2010-04-01",
    "AccountSid": ACCOUNT,
    "MessageSid": SID,
    "SmsSid": SID,
    "SmsMessageSid": SID,
    "SmsStatus": "received",
    "MessageType": "text",
    "Body": "Hello",
    "NumMedia": "0",
    "NumSegments": "1",
    "ReferralNumMedia": "0",
    "ProfileName": "Jane Doe",
    "WaId": "447700900123",
    "ExternalUserId": "whatsapp:GB.1000200030004000",
    "From": "whatsapp:+447700900123",
    "To": "whatsapp:+15557122661",
    "ChannelMetadata": '{"type":"whatsapp","data":{"context":{}}}',
}
VOICE = {
    **TEXT,
    "MessageType": "audio",
    "Body": "",
    "NumMedia": "1",
    "MediaContentType0": "audio/ogg",
    "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/MM1/Media/ME1",
}
READ = {
    "ApiVersion": "2010-04-01",
    "AccountSid": ACCOUNT,
    "MessageSid": SID,
    "SmsSid": SID,
    "MessageStatus": "read",
    "SmsStatus": "read",
    "ChannelPrefix": "whatsapp",
    "ChannelInstallSid": "XE" + "2" * 32,
    "ChannelToAddress": "+447700900XXX",
    "ExternalUserId": "whatsapp:GB.1000200030004000",
    "From": "whatsapp:+15557122661",
    "To": "whatsapp:+447700900123",
}


def form(fields) -> QueryDict:
    return QueryDict(urlencode(fields))


def inbound(**changes):
    return read_inbound(form({**TEXT, **changes}))


def without(*names):
    return form({name: value for name, value in TEXT.items() if name not in names})


def test_text_is_read():
    found = inbound(Body="Grüße 👍")

    assert (found.sid, found.kind, found.body) == (SID, "text", "Grüße 👍")
    assert (found.from_, found.to) == ("whatsapp:+447700900123", "whatsapp:+15557122661")
    assert (found.wa_id, found.profile_name) == ("447700900123", "Jane Doe")
    assert (found.account_sid, found.service_sid) == (ACCOUNT, "")
    assert found.external_user_id == "whatsapp:GB.1000200030004000"


def test_voice_note_has_its_kind_and_no_address():
    found = read_inbound(form(VOICE))

    assert (found.kind, found.body, found.media) == ("audio", "", ({"type": "audio/ogg"},))
    assert "http" not in repr(found)


def test_picture_keeps_its_caption():
    found = inbound(
        MessageType="image", NumMedia="1", MediaContentType0="image/jpeg", Body="My knee"
    )

    assert (found.kind, found.body) == ("image", "My knee")


def test_button_says_what_stands_on_it():
    found = inbound(MessageType="interactive", Body="", ButtonText="Yes", ButtonPayload="yes_1")

    assert (found.kind, found.button, found.body) == ("button", "Yes", "Yes")


def test_place_is_read():
    found = inbound(
        MessageType="location", Body="", Latitude="51.5007", Longitude="-0.1246", Label="Big Ben"
    )

    assert found.kind == "location"
    assert found.place == {"latitude": "51.5007", "longitude": "-0.1246", "label": "Big Ben"}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"MessageType": "contacts"}, "contacts"),
        ({"MessageType": "document"}, "document"),
        ({"MessageType": "sticker"}, "image"),
        ({"MessageType": "IMAGE"}, "image"),
        ({"MessageType": "hologram"}, "unknown"),
        ({"MessageType": ""}, "text"),
        ({"MessageType": "", "NumMedia": "1", "MediaContentType0": "video/mp4"}, "video"),
        ({"MessageType": "", "NumMedia": "1", "MediaContentType0": "text/vcard"}, "contacts"),
        ({"MessageType": "", "NumMedia": "1", "MediaContentType0": "application/pdf"}, "document"),
        ({"MessageType": "", "NumMedia": "1"}, "unknown"),
        ({"MessageType": "", "Latitude": "1.0", "Longitude": "2.0"}, "location"),
        ({"MessageType": "", "ButtonText": "Yes"}, "button"),
    ],
)
def test_kind_is_twilios_word_or_what_is_in_the_message(changes, kind):
    assert inbound(**changes).kind == kind


def test_person_without_a_number_is_read():
    found = inbound(From="whatsapp:GB.1000200030004000", WaId="")

    assert (found.from_, found.wa_id) == ("whatsapp:GB.1000200030004000", "")


def test_answer_to_a_message_and_an_opt_out_are_told():
    found = inbound(OriginalRepliedMessageSid="SM" + "9" * 32, OptOutType="stop")

    assert (found.replied_to, found.opt_out_type) == ("SM" + "9" * 32, "STOP")


def test_advertisement_is_told():
    found = inbound(ReferralSourceType="ad", ReferralSourceId="123", ReferralHeadline="Free\ntrial")

    assert found.referral == {
        "ReferralSourceType": "ad",
        "ReferralSourceId": "123",
        "ReferralHeadline": "Free trial",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {},
        without("MessageSid", "SmsSid", "SmsMessageSid"),
        without("From"),
        without("To"),
        {**TEXT, "From": "+447700900123"},
        {**TEXT, "From": "whatsapp:"},
        {**TEXT, "From": "whatsapp:+44 7700"},
        {**TEXT, "From": "whatsapp:" + "1" * 200},
        {**TEXT, "MessageSid": "x" * 65, "SmsSid": "", "SmsMessageSid": "../x"},
        {**TEXT, "SmsStatus": "delivered"},
    ],
)
def test_what_is_no_message_of_whatsapp_is_refused(fields):
    with pytest.raises(NotAMessage):
        read_inbound(fields if isinstance(fields, QueryDict) else form(fields))


def test_sid_under_its_other_name_is_enough():
    assert read_inbound(without("MessageSid")).sid == SID


def test_name_cannot_turn_the_page_around():
    found = inbound(ProfileName="Jane\u202e\n<b>" + "x" * 500)

    assert "\u202e" not in found.profile_name and "\n" not in found.profile_name
    assert len(found.profile_name) <= 120


def test_long_and_unstorable_texts_are_cut_and_cleaned():
    found = inbound(Body="👍" * 5_000 + "\x00", ProfileName="\x00")

    assert len(found.body) == 4_096
    assert "\x00" not in repr(found)


def test_status_is_read():
    found = read_status(form(READ))

    assert (found.sid, found.status, found.error_code) == (SID, "read", "")
    assert found.external_user_id == "whatsapp:GB.1000200030004000"
    assert found.message_id is None


def test_failure_has_code_and_sentence():
    failed = {**READ, "MessageStatus": "undelivered", "ErrorCode": "63016"}
    told = read_status(form({**failed, "ChannelStatusMessage": "Failed to send\nfreeform"}))

    assert (told.status, told.error_code) == ("undelivered", "63016")
    assert told.error == "Failed to send freeform"


@pytest.mark.parametrize("code", ["InvalidSandboxRequest", "x" * 500, "0", "-1", "1e999"])
def test_code_may_be_a_word(code):
    found = read_status(form({**READ, "ErrorCode": code}))

    assert found.error_code == code[:64]


def test_our_id_comes_from_the_address():
    message_id = uuid.uuid4()

    found = read_status(form(READ), QueryDict(f"m={message_id}"))

    assert found.message_id == message_id


@pytest.mark.parametrize("query", ["", "m=", "m=x", "m=%00", "n=1", "m=" + "1" * 5_000])
def test_address_without_our_id_tells_none(query):
    assert read_status(form(READ), QueryDict(query)).message_id is None


@pytest.mark.parametrize(
    "fields", [{}, {"MessageSid": SID}, {**READ, "MessageSid": "", "SmsSid": ""}]
)
def test_what_is_no_status_is_refused(fields):
    with pytest.raises(NotAMessage):
        read_status(form(fields))


def test_any_value_of_any_field_harms_nothing():
    texts = [value for value in map(str, ODD_VALUES) if "\ud800" not in value]
    for reader, fields in ((read_inbound, TEXT), (read_inbound, VOICE), (read_status, READ)):
        for name in [*fields, "Latitude", "ButtonText", "MessagingServiceSid", "ErrorCode"]:
            for odd in [*texts, *map(bytes.decode, (b"%", b"\xf0\x9f\x91\x8d"))]:
                assert_harmless(reader, form({**fields, name: odd}))


def test_any_form_harms_nothing():
    """Names and values at random, doubled and missing, with a fixed seed."""
    chance = random.Random(20261127)
    names = [*TEXT, *VOICE, *READ, "Latitude", "Longitude", "MediaContentType9", "OptOutType"]
    texts = [*TEXT.values(), *READ.values(), "99", "-1", "1e9", "\x00", "٣", "", "x" * 9_000]
    for _ in range(2_000):
        pairs = [(chance.choice(names), chance.choice(texts)) for _ in range(chance.randrange(30))]
        for reader in (read_inbound, read_status):
            assert_harmless(reader, form(pairs))


def assert_harmless(reader, fields):
    """It is read or refused; what is read can go into a database, and is not endless."""
    try:
        found = reader(fields)
    except NotAMessage:
        return
    assert "\\x00" not in repr(found)
    texts = [value for value in asdict(found).values() if isinstance(value, str)]
    assert all(len(text) <= 4_096 for text in texts)
    assert len(found.sid) <= 64
