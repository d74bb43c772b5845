"""A request of the API leaves nothing for the garbage collector, which stops all threads."""

import collections
import gc

import pytest
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.client import PATH
from tests.factories import make_cast, make_lead, make_phone


@pytest.fixture
def ask(sandbox):
    """Return a function that has a request answered by the WSGI application in this process."""
    from coachbot.wsgi import application

    cast = make_cast(sandbox, is_paused=True)
    requests = RequestFactory(headers={"Authorization": f"Bearer {cast.key}", "Host": "127.0.0.1"})
    lead = {"name": "Jane Doe", "consent": True}
    environs = {
        "create": lambda: (
            requests.post(
                PATH, {**lead, "phone": make_phone()}, content_type="application/json"
            ).environ
        ),
        "refuse": lambda: requests.post(PATH, {}, content_type="application/json").environ,
        "read": lambda: requests.get(f"{PATH}/{make_lead(cast.workspace).pk}").environ,
        "miss": lambda: requests.get(f"{PATH}/none").environ,
    }

    def answer(name) -> int:
        answered = []
        response = application(environs[name](), lambda status, headers: answered.append(status))
        response.close()
        return int(answered[0][:3])

    return answer


@pytest.mark.parametrize(
    ("name", "status"), [("create", 201), ("refuse", 400), ("read", 200), ("miss", 404)]
)
def test_what_drf_makes_for_a_request_goes_with_it(ask, name, status):
    ask(name)  # the first one of a process makes what stays
    gc.collect()
    gc.disable()
    try:
        before = objects_of_drf()
        answered = ask(name)
        left = objects_of_drf() - before
    finally:
        gc.enable()

    assert answered == status
    assert left == collections.Counter()


def objects_of_drf() -> collections.Counter:
    """Return how many views, requests and answers there are in this process."""
    kinds = map(type, gc.get_objects())
    return collections.Counter(
        kind.__name__ for kind in kinds if issubclass(kind, APIView | Request | Response)
    )
