"""Vapi's answer is lost or says nothing: the call is looked up, and never sent again blindly."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from leads.models import Lead
from tests.client import Api
from tests.factories import make_cast, make_phone

# Placed all the same: silent, reset, cut, not JSON, without an id, 500, listed late, 504, dripping,
# silent and one of 600, stalled in the body, stalled in the head.
PLACED = ["60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "73", "74"]
# Answered, and not placed: 500, 502, 503, 408, a redirect.
ANSWERED_NOT_PLACED = ["50", "51", "52", "53", "56"]
# Not answered to the end, and not placed: dropped, silent, a redirect that drips.
SILENT_NOT_PLACED = ["54", "55", "57"]
SILENT_FIRST = "82"


@pytest.fixture(scope="module")
def quick_web(start_web):
    """A server that is done waiting sooner than the default."""
    return start_web(
        PUBLIC_API_RATE_LIMITS="100000/m",
        VAPI_TIMEOUT="1.5",
        VAPI_LISTING_LAG="4",
        VAPI_SILENT_WORK="12",
    )


@pytest.fixture(scope="module")
def answers(quick_web, sandbox):
    """Submit a lead for each ending, all at once. Return (cast, phone, responses) by ending.

    The one that is silent first and then accepts is retried as a client would.
    """

    endings = [*PLACED, *ANSWERED_NOT_PLACED, *SILENT_NOT_PLACED, SILENT_FIRST]
    leads = {ending: (make_cast(sandbox), make_phone(ending=ending)) for ending in endings}

    def submit(ending):
        cast, phone = leads[ending]
        api = Api(quick_web.base_url, cast.key)
        responses = [api.submit(phone=phone)]
        while ending == SILENT_FIRST and responses[-1].status_code == 502 and len(responses) < 4:
            responses.append(api.submit(phone=phone))
        return cast, phone, responses

    with ThreadPoolExecutor(len(endings)) as pool:
        return dict(zip(endings, pool.map(submit, endings), strict=True))


@pytest.mark.parametrize("ending", PLACED)
def test_a_call_whose_answer_got_lost_is_found_again(answers, ending):
    cast, _, [response] = answers[ending]

    [call] = cast.placed()
    assert response.status_code == 201, response.text
    assert response.json()["vapiCallId"] == call.id


@pytest.mark.parametrize("ending", ANSWERED_NOT_PLACED)
def test_an_answer_without_a_call_leaves_nothing_behind(answers, ending):
    cast, phone, [response] = answers[ending]

    assert response.status_code == 502, response.text
    assert response.json()["error"] == "voice_dispatch_failed"
    assert response.json()["message"].startswith("Vapi /call failed (")
    assert not Lead.objects.filter(workspace=cast.workspace, phone=phone).exists()
    assert cast.placed() == []


@pytest.mark.parametrize("ending", SILENT_NOT_PLACED)
def test_silence_is_answered_as_unconfirmed(answers, ending):
    _, _, [response] = answers[ending]

    assert response.status_code == 502, response.text
    assert response.json()["error"] == "voice_dispatch_failed"
    assert "not confirmed" in response.json()["message"]
    assert "Retrying is safe" in response.json()["message"]


@pytest.mark.parametrize("ending", PLACED + ANSWERED_NOT_PLACED + SILENT_NOT_PLACED)
def test_every_answer_comes_within_15_seconds(answers, ending):
    _, _, [response] = answers[ending]

    assert response.elapsed.total_seconds() < 15


def test_a_retry_after_silence_settles_the_first_attempt_and_gets_its_own(answers):
    cast, _, responses = answers[SILENT_FIRST]

    assert [r.status_code for r in responses] in ([502, 201], [502, 502, 201])
    assert len(cast.placed()) == 1
