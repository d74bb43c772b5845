"""The answers against Twilio's own package, which reads them as it reads Twilio's."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.coachbot.sandbox.twilio.client import SENDER, TEMPLATE

LEAD = "whatsapp:+447700900014"


class Rerouted(TwilioHttpClient):
    """Asks the sandbox whatever is meant for a host of Twilio's."""

    def __init__(self, base_url):
        super().__init__()
        self.base_url = base_url

    def request(self, method, url, params=None, data=None, headers=None, auth=None, **options):
        path = "/" + url.split("/", 3)[3]
        told = {"json": data} if isinstance(data, dict) and "types" in data else {"data": data}
        found = requests.request(
            *(method, self.base_url + path),
            params=params,
            headers=headers,
            auth=auth,
            timeout=5,
            **told,
        )
        return Response(found.status_code, found.text, found.headers)


@pytest.fixture
def package(account):
    account.set(list_lag=0)
    return Client(account.sid, account.token, http_client=Rerouted(account.base_url))


def test_message_is_created_fetched_and_listed(package, account):
    made = package.messages.create(to=LEAD, from_=SENDER, content_sid=TEMPLATE)
    account.write("14", body="Hi", delivered=False)

    assert (made.sid[:2], made.status, made.direction) == ("SM", "queued", "outbound-api")
    assert (made.from_, made.to, made.error_code) == (SENDER, LEAD, None)
    assert made.date_created.utcoffset().total_seconds() == 0
    assert package.messages(made.sid).fetch().sid == made.sid
    assert [one.direction for one in package.messages.list()] == ["inbound", "outbound-api"]
    assert [one.sid for one in package.messages.list(to=LEAD, from_=SENDER)] == [made.sid]


def test_pages_are_followed(package):
    made = [package.messages.create(to=LEAD, from_=SENDER, content_sid=TEMPLATE) for _ in range(5)]

    assert [one.sid for one in package.messages.list(page_size=2)] == [m.sid for m in made][::-1]


@pytest.mark.parametrize("digits, status, code", [("40", 400, 21211), ("45", 429, 20429)])
def test_refusal_is_one_of_the_packages(package, digits, status, code):
    with pytest.raises(TwilioRestException) as raised:
        package.messages.create(
            to=f"whatsapp:+4477009000{digits}", from_=SENDER, content_sid=TEMPLATE
        )

    assert (raised.value.status, raised.value.code) == (status, code)


def test_account_senders_and_service_are_read(package, account):
    package.messages.create(to=LEAD, from_=SENDER, content_sid=TEMPLATE)

    assert package.api.accounts(account.sid).fetch().status == "active"
    senders = package.messaging.v2.channels_senders.list(channel="whatsapp")
    assert SENDER in [one.sender_id for one in senders]
    assert package.messaging.v2.channels_senders(senders[0].sid).fetch().status == "ONLINE"
    assert package.messaging.v1.services("MG" + "a" * 32).fetch().account_sid == account.sid


def test_approval_of_a_template_is_read(package):
    found = package.content.v1.contents(TEMPLATE).approval_fetch().fetch()

    assert found.whatsapp["status"] == "approved"
    assert package.content.v1.contents(TEMPLATE).fetch().sid == TEMPLATE
