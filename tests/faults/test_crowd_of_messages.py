"""Two thousand messages and statuses, each twice, shuffled, by eight clients at once: the same end
as in order.
"""

import itertools
import os
import random
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.http import QueryDict

from coachbot.providers.twilio import signature
from leads.models import Conversation, Message
from tests.factories import make_lead
from tests.servers import wait_until
from tests.written import make_written

pytestmark = pytest.mark.on_sqlite_too

LEADS = int(os.environ.get("LEADS", "50"))
EACH, CLIENTS = 10, 8
STATUSES = ("sent", "delivered", "read")


@pytest.fixture
def written(written_web, sandbox):
    return make_written(sandbox, written_web)


def post(written, base_url, kind, **fields) -> int:
    path = f"/api/whatsapp/{written.workspace.slug}/{kind}"
    told = {"AccountSid": written.account.account_sid, **fields}
    body = requests.models.RequestEncodingMixin._encode_params(told)
    url = f"{base_url}{path}"
    signed = signature.sign(url, QueryDict(body), written.account.auth_token)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signed,
    }
    return requests.post(url, data=body, headers=headers, timeout=60).status_code


def sent_to(lead) -> list[Message]:
    """Make messages of ours that Twilio took."""
    conversation = Conversation.objects.create(lead=lead, channel="whatsapp")
    return Message.objects.bulk_create(
        Message(
            workspace=lead.workspace,
            conversation=conversation,
            author="agent",
            purpose="reply",
            status="accepted",
            sid=f"SM{secrets.token_hex(16)}",
        )
        for _ in range(EACH)
    )


def test_a_crowd_of_messages_ends_as_it_would_in_order(written, written_web):
    leads = [make_lead(written.workspace) for _ in range(LEADS)]
    ours = [message for lead in leads for message in sent_to(lead)]
    news = [
        ("status", {"MessageSid": one.sid, "MessageStatus": status})
        for one, status in itertools.product(ours, STATUSES)
    ]
    news += [
        (
            "inbound",
            {
                "MessageSid": f"SM{secrets.token_hex(16)}",
                "From": f"whatsapp:{lead.phone}",
                "To": written.account.from_,
                "Body": f"Message {number}",
            },
        )
        for lead, number in itertools.product(leads, range(EACH))
    ]
    twice = [*news, *news]
    random.Random(20).shuffle(twice)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(
            pool.map(lambda one: post(written, written_web.base_url, one[0], **one[1]), twice)
        )

    assert set(answers) == {200}
    rows = Message.objects.filter(workspace=written.workspace)
    assert rows.outbound().filter(status="read").count() == LEADS * EACH
    assert rows.inbound().count() == LEADS * EACH
    counts = Conversation.objects.filter(lead__in=leads).values_list("message_count", flat=True)
    wait_until(lambda: set(counts.all()) == {2 * EACH}, "every message to be counted", 5)
    assert set(written.workspace.leads.values_list("status", flat=True)) == {"in_conversation"}
