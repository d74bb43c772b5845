"""POST Messages.json: what is taken, and what Twilio says against the rest."""

import base64

import pytest
import requests

from tests.coachbot.sandbox.twilio.client import SENDER, TEMPLATE

SERVICE = "MG" + "b" * 32
LEAD = "whatsapp:+447700900014"


def test_message_is_accepted_and_called_back(account):
    answer = account.send("14")

    body = answer.json()
    assert (answer.status_code, body["status"], body["direction"]) == (
        201,
        "queued",
        "outbound-api",
    )
    assert (body["from"], body["to"], body["error_code"]) == (SENDER, LEAD, None)
    account.settled("sent", "delivered")
    assert {one.fields["MessageSid"] for one in account.ear.heard} == {body["sid"]}


def test_service_accepts_and_chooses_the_sender_later(account):
    body = account.send("14", From="", MessagingServiceSid=SERVICE).json()

    assert (body["status"], body["from"], body["messaging_service_sid"]) == (
        "accepted",
        None,
        SERVICE,
    )
    account.settled("queued", "sent", "delivered")
    assert account.ear.heard[0].fields["From"].startswith("whatsapp:+1555")


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"To": ""}, 21604),
        ({"To": "whatsapp:447700900110"}, 21211),
        ({"To": "+447700900110"}, 21211),
        ({"To": SENDER}, 21266),
        ({"From": ""}, 21603),
        ({"From": "whatsapp:nobody"}, 63007),
        ({"From": "", "MessagingServiceSid": "MG1"}, 21705),
        ({"Body": "", "ContentSid": ""}, 21602),
        ({"Body": "x" * 1_601}, 21617),
        ({"ContentSid": "HX1"}, 21655),
        ({"ContentSid": "HX00000000" + "0" * 24}, 21655),
        ({"ContentVariables": "Jane"}, 21656),
        ({"ContentVariables": '{"1": ""}'}, 21656),
        ({"ContentVariables": '{"1": 2}'}, 21656),
        ({"StatusCallback": "/status"}, 21609),
        ({"StatusCallback": "https://my_host.example/status"}, 21609),
    ],
)
def test_what_is_wrong_is_refused_by_its_number(account, fields, code):
    answer = account.send(**fields)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["more_info"].endswith(f"/{code}")
    assert account.twilio.sent(account.sid) == []


def test_text_of_1600_characters_is_taken(account):
    assert account.send(Body="x" * 1_600).status_code == 201


def test_template_is_filled_and_what_is_left_out_is_its_sample(account):
    told = account.send(ContentVariables='{"1": "Jane", "3": "rowing"}').json()["body"]

    assert told.startswith("Hi Jane, this is Sample Studio. You wrote to us about this: rowing.")


def test_sender_that_was_not_set_up_is_refused_where_some_were(account):
    account.set(senders=["whatsapp:+15550000001"])

    assert account.send().json()["code"] == 63007
    assert account.send(From="whatsapp:+15550000001").status_code == 201


@pytest.mark.parametrize("sid, token", [("AC1", "wrong"), ("AC1", ""), ("SK1", "good"), ("", "x")])
def test_wrong_credentials_are_20003(quick, sid, token):
    path = "/2010-04-01/Accounts/AC1/Messages.json"

    answer = requests.post(f"{quick.base_url}{path}", auth=(sid, token), timeout=2)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic !", f"Basic {'eA==' * 9}"])
def test_header_that_is_no_pair_is_20003(quick, header):
    url = f"{quick.base_url}/2010-04-01/Accounts/AC1.json"

    answer = requests.get(url, headers={"Authorization": header}, timeout=2)

    assert answer.status_code == 401


def test_account_of_another_is_20003(account):
    other = "/2010-04-01/Accounts/AC" + "0" * 32 + ".json"

    assert account.request("GET", other).status_code == 401


def test_suspended_account_shows_itself_and_sends_nothing(account):
    account.set(status="suspended")

    assert account.get(".json").json()["status"] == "suspended"
    assert account.send().json()["code"] == 20003


def test_unknown_path_is_20404(account):
    assert account.get("/Calls.json").json()["code"] == 20404


def test_key_stands_in_no_answer(account):
    account.send()

    told = account.request("GET", "/sandbox/whatsapp").text
    pair = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    assert account.token not in told and pair not in told
    assert TEMPLATE not in told
