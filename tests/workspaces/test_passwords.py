"""Passwords are hashed a few at a time, whatever number of people signs in."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from coachbot import passwords
from coachbot.work import periodic
from tests.client import Api
from tests.dashboard import Visitor, session_key, text_of
from tests.factories import make_user
from tests.servers import ForkedWebServer
from workspaces import tasks


@pytest.fixture
def crowd(providers, cast):
    """A server that counts nothing, with as few connections as a process can do with."""
    server = ForkedWebServer(
        **providers,
        DJANGO_SETTINGS_MODULE="coachbot.settings",  # whose hashes take as long as they do
        WEB_CONCURRENCY="1",
        DATABASE_POOL_SIZE="2",
        DATABASE_POOL_TIMEOUT="1",
        PUBLIC_API_RATE_LIMITS="1000/m",
        SIGN_IN_ADDRESS_RATE_LIMIT="100000/m",
    ).start()
    yield server
    server.kill()


def test_crowd_that_signs_in_keeps_nobody_else_waiting(crowd, cast):
    visitors = [Visitor(crowd.base_url) for _ in range(24)]
    for visitor in visitors:
        visitor.get("/sign-in")

    def sign_in(number):
        return visitors[number].post("/sign-in", username=f"{number}@example.com", password="wrong")

    api = Api(crowd.base_url, cast.key)
    with ThreadPoolExecutor(24) as pool:
        attempts = [pool.submit(sign_in, number) for number in range(24)]
        created = [api.submit().status_code for _ in range(3)]
        answers = [attempt.result() for attempt in attempts]

    statuses = [answer.status_code for answer in answers]
    [busy] = {text_of(answer) for answer in answers if answer.status_code == 503}
    assert created == [201, 201, 201]
    assert set(statuses) == {200, 503}
    # Who waits is served, too; how many are within their patience is up to the machine.
    assert statuses.count(200) > passwords.AT_ONCE
    assert "Too many people are signing in just now." in busy


def test_staff_who_makes_an_account_meanwhile_sees_no_fault(crowd):
    staff = Visitor(crowd.base_url, make_user(is_staff=True, is_superuser=True))

    def make_account(number):
        password = "correct horse battery"
        typed = {"email": f"new-{number}@example.com", "usable_password": "true"}
        return staff.post(
            "/admin/workspaces/user/add/", **typed, password1=password, password2=password
        )

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(make_account, range(20)))

    # Of two connections staff's pages hold one while they hash, so some are told of the database.
    assert {answer.status_code for answer in answers} <= {302, 503}
    assert 302 in {answer.status_code for answer in answers}


def test_hashing_holds_no_connection():
    user = make_user(password="correct horse battery")
    assert connection.connection is not None

    assert check_password("correct horse battery", user.password)

    assert connection.connection is None or connection.vendor == "postgresql"


def test_what_is_too_much_is_refused_at_once(settings):
    settings.PASSWORD_HASHERS = ["coachbot.passwords.BoundedHasher"]
    with ThreadPoolExecutor(40) as pool:
        started = time.monotonic()
        outcomes = [pool.submit(make_password, "correct horse battery") for _ in range(40)]
        refused = [outcome for outcome in outcomes if outcome.exception()]
    seconds = time.monotonic() - started

    assert {type(outcome.exception()) for outcome in refused} == {passwords.TooManyAtOnce}
    assert len(refused) >= 20
    assert seconds < 30


def test_sessions_that_have_ended_are_cleared_by_the_worker():
    ended, lives = session_key(make_user()), session_key(make_user())
    Session.objects.filter(pk=ended).update(expire_date=timezone.now())

    periodic.TASKS["ended-sessions"].function()

    assert tasks.clear_sessions is periodic.TASKS["ended-sessions"].function
    assert list(Session.objects.filter(pk__in=[ended, lives]).values_list("pk", flat=True)) == [
        lives
    ]
