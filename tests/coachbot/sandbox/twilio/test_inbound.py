"""What leads write, as webhooks: each shape, signatures, repeats, and where they go."""

import pytest

from tests.coachbot.sandbox.twilio.client import SENDER, wait_until

# As captured from Twilio's sandbox, 2026-09-25.
ALWAYS = {
    *("ApiVersion", "AccountSid", "MessageSid", "SmsSid", "SmsMessageSid", "SmsStatus"),
    *("MessageType", "Body", "NumMedia", "NumSegments", "ReferralNumMedia", "ProfileName"),
    *("WaId", "ExternalUserId", "From", "To", "ChannelMetadata"),
}
SHAPES = {
    "text": ("text", "Hi", set()),
    "empty": ("text", "", set()),
    "emoji": ("text", "👍" * 1_600, set()),
    "nul": ("text", "Yes\x00please", set()),
    "voice": ("audio", "", {"MediaUrl0", "MediaContentType0"}),
    "picture": ("image", "Hi", {"MediaUrl0", "MediaContentType0"}),
    "video": ("video", "Hi", {"MediaUrl0", "MediaContentType0"}),
    "document": ("document", "", {"MediaUrl0", "MediaContentType0"}),
    "contact": ("contacts", "", {"MediaUrl0", "MediaContentType0"}),
    "location": ("location", "", {"Latitude", "Longitude", "Address", "Label"}),
    "button": ("interactive", "Hi", {"ButtonText", "ButtonPayload", "ButtonType"}),
    "reply": ("text", "Hi", {"OriginalRepliedMessageSid", "OriginalRepliedMessageSender"}),
    "unknown": ("hologram", "", set()),
    "opted_out": ("text", "Hi", {"OptOutType"}),
}


@pytest.fixture
def account(account):
    account.set(inbound_url=f"{account.ear.url}/inbound")
    return account


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_has_the_fields_of_captured_ones(account, shape):
    kind, body, more = SHAPES[shape]
    told = account.write(shape=shape, body="Hi").json()["written"][0]

    [heard] = account.ear.inbound()
    assert set(heard.fields) == ALWAYS | more
    assert (heard.fields["MessageType"], heard.fields["Body"]) == (kind, body)
    assert (heard.fields["MessageSid"], heard.fields["To"]) == (told["sid"], SENDER)
    assert told["answers"] == [200]


def test_inbound_names_no_charset(account):
    account.write(body="Grüße 👍 a+b")

    [heard] = account.ear.inbound()
    assert heard.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert heard.headers["User-Agent"] == "TwilioProxy/1.1"
    assert heard.fields["Body"] == "Grüße 👍 a+b"


def test_lead_without_a_number_comes_by_its_id(account):
    account.write(body="Hi", hides_number=True)

    fields = account.ear.inbound()[0].fields
    assert (
        fields["From"] == f"whatsapp:{fields['ExternalUserId']}" == "whatsapp:GB.1000447700900010"
    )
    assert "WaId" not in fields


def test_message_comes_twice_with_one_id_and_is_listed_once(account):
    account.set(list_lag=0)
    told = account.write(body="Hi", times=2).json()["written"][0]

    assert told["answers"] == [200, 200]
    assert {one.fields["MessageSid"] for one in account.ear.inbound()} == {told["sid"]}
    assert len(account.get("/Messages.json").json()["messages"]) == 1


def test_sid_that_is_given_is_used_again(account):
    for _ in range(2):
        account.write(body="Hi", sid="SM" + "1" * 32)

    assert [one.fields["MessageSid"] for one in account.ear.inbound()] == ["SM" + "1" * 32] * 2


def test_several_are_written_at_once(account):
    wanted = [{"from": f"+4477009001{n:02}", "body": str(n)} for n in range(5)]

    answer = account.request("POST", "/sandbox/whatsapp/inbound", json=wanted, timeout=10)

    assert len({one["sid"] for one in answer.json()["written"]}) == 5
    assert sorted(account.ear.bodies()) == ["0", "1", "2", "3", "4"]


def test_message_that_is_not_delivered_is_only_listed(account):
    account.set(list_lag=0)
    account.write(body="Missed", delivered=False, age=3_600)

    [row] = account.get("/Messages.json").json()["messages"]
    assert (row["body"], account.ear.heard) == ("Missed", [])


def test_fields_can_be_added_and_replaced(account):
    account.set(extra=True)
    account.write(body="Hi", fields={"WaId": "5511", "Forwarded": "true"})

    fields = account.ear.inbound()[0].fields
    assert (fields["WaId"], fields["Forwarded"], fields["AnotherOne"]) == ("5511", "true", "")


def test_address_is_learnt_from_the_status_callback(account):
    account.set(inbound_url="")
    account.send("13")
    account.write(body="Hi")

    assert account.ear.inbound()[0].path == "/api/whatsapp/acme/inbound"


def test_nobody_is_told_where_no_address_is_known(account):
    account.set(inbound_url="")

    answer = account.write(body="Hi")

    assert (answer.status_code, "inbound_url" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize("body", ["[1]", "{", '{"body": "x"}', '{"from": "+44", "shape": "x"}'])
def test_what_cannot_be_written_is_refused(account, body):
    answer = account.request("POST", "/sandbox/whatsapp/inbound", data=body)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "overrides, answers, posted",
    [
        ("", [500], 1),
        ("#rc=2&rp=all", [500, 503], 3),
        ("#rc=1&rp=all", [500, 500, 500], 2),
        ("#rc=5&rp=5xx", [404], 1),
        ("#rc=5&rp=ct", [500], 1),
    ],
)
def test_webhook_is_posted_again_as_its_address_says(account, overrides, answers, posted):
    account.set(inbound_url=f"{account.ear.url}/inbound{overrides}")
    account.ear.answers[:] = answers
    account.write(body="Hi")

    assert len(account.ear.heard) == posted


def test_nobody_listening_is_no_answer(account):
    account.set(inbound_url="http://127.0.0.1:9/inbound")

    told = account.write(body="Hi").json()["written"][0]

    assert told["answers"] == [0]
    wait_until(lambda: account.request("GET", "/sandbox/whatsapp").json()["webhooks"])
