"""The lines for urllib3 on /docs/retries, run as they stand there.

Those for packages that the project has no other use for were run by hand, in the versions that
the page names.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from coachbot.docs import pages
from tests.client import PATH, TIMEOUT
from tests.factories import make_lead, make_phone


@pytest.fixture
def submit(cast, settings):
    """Return a function that submits a lead to a server through the page's lines.

    It returns the last answer, and the statuses of those before it.
    """

    def send(server, **fields):
        settings.PUBLIC_BASE_URL = server.base_url
        text = pages.text_of(pages.BY_NAME["retries"])
        [lines] = re.findall(r"## urllib3 and requests\n+```python\n(.*?)```", text, re.DOTALL)
        with requests.Session() as session:
            exec(lines, {"Retry": Retry, "HTTPAdapter": HTTPAdapter, "session": session})
            body = {"name": "Jane Doe", "phone": make_phone(), "consent": True, **fields}
            headers = {"Authorization": f"Bearer {cast.key}"}
            url = server.base_url + PATH
            answer = session.post(url, json=body, headers=headers, timeout=TIMEOUT)
        return answer.status_code, [before.status for before in answer.raw.retries.history]

    return send


def test_they_wait_as_long_as_retry_after_says(submit, start_web):
    server = start_web(PUBLIC_API_RATE_LIMITS="1/3s")

    with ThreadPoolExecutor(2) as pool:  # at once, so that one of them is too early
        answers = sorted(pool.map(submit, [server, server]))

    assert answers == [(201, []), (201, [429])]


def test_they_send_a_call_that_was_refused_once_again(submit, web):
    assert submit(web, phone=make_phone(ending="83")) == (201, [502])


def test_they_give_up_after_three_attempts_and_hand_out_the_answer(submit, web):
    assert submit(web, phone=make_phone(ending="41")) == (502, [502, 502])


def test_they_leave_400_and_409_alone(submit, web, cast):
    lead = make_lead(cast.workspace)

    assert submit(web, phone=lead.phone) == (409, [])
    assert submit(web, name="") == (400, [])
