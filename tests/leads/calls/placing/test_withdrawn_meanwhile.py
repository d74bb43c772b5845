"""A call that somebody withdrew while Vapi was placing it: the answer says what is true."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from leads.models import Lead
from tests.factories import make_lead, make_phone
from tests.servers import wait_until

SLOW = "70"  # accepted, answered after a second


@pytest.fixture
def submit_and_withdraw(api, cast):
    """Return a function that submits a lead, and withdraws it once Vapi has placed its call."""

    def run(phone: str, then=lambda: None):
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(api.submit, phone=phone)
            wait_until(cast.placed, "Vapi to place the call")
            Lead.objects.filter(workspace=cast.workspace).delete()
            then()
            return answer.result()

    return run


def test_lead_of_a_201_can_be_read(api, cast, submit_and_withdraw):
    response = submit_and_withdraw(make_phone(SLOW))

    assert response.status_code == 201
    read = api.read(response.json()["leadId"])
    assert (read.status_code, read.json()["voiceCall"]["status"]) == (200, "in_progress")
    assert cast.workspace.calls.get().vapi_call_id == response.json()["vapiCallId"]


def test_phone_that_is_anothers_by_now_is_no_201(api, cast, submit_and_withdraw):
    phone = make_phone(SLOW)

    response = submit_and_withdraw(phone, lambda: make_lead(cast.workspace, phone=phone))
    again = api.submit(phone=phone)

    assert (response.status_code, again.status_code) == (502, 409)
    assert "its phone taken anew" in response.json()["message"]
    assert len(cast.placed()) == 1
