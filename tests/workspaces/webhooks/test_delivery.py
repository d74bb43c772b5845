"""Events are sent once, signed, again where they were not taken, in order, and given up late."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from leads import events
from tests.factories import make_lead
from tests.receivers import Answer, make_endpoint, receiver, verify
from workspaces.models import (
    EventType,
    LogKind,
    Off,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from workspaces.webhooks import delivery, endpoints, places, switched_off


def tell(workspace, lead=None, times=1):
    """Publish that a lead was created, so many times. Return the lead."""
    workspace.refresh_from_db()
    lead = lead or make_lead(workspace)
    for _ in range(times):
        with transaction.atomic():
            events.lead_created(lead)
    return lead


def test_event_is_sent_once_and_the_public_library_verifies_it(hook, workspace, secret, deliver):
    lead = tell(workspace)

    deliver()
    deliver()

    [received] = hook.received
    event = verify(received, secret)
    assert (event["type"], event["data"]["lead"]["id"]) == ("lead.created", str(lead.pk))
    assert set(event) == {"type", "timestamp", "data"} and event["timestamp"].endswith("Z")
    assert (event["data"]["workspace"], event["data"]["sequence"]) == (workspace.slug, 1)
    assert received.headers["content-type"] == "application/json"
    assert "." not in received.id


def test_each_attempt_sends_the_same_bytes_signed_anew(
    hook, workspace, secret, deliver, let_rest_pass
):
    tell(workspace)
    hook.answers = [Answer(500, b"later"), Answer(302, headers={"Location": hook.url})]

    for _ in range(3):
        deliver()
        let_rest_pass()
        time.sleep(1)  # a timestamp has whole seconds

    first, second, third = hook.received
    assert first.body == second.body == third.body and first.id == second.id == third.id
    assert len({one.headers["webhook-timestamp"] for one in hook.received}) == 3
    assert all(verify(one, secret) for one in hook.received)
    attempts = WebhookAttempt.objects.filter(delivery__workspace=workspace).order_by("pk")
    assert [a.status_code for a in attempts] == [500, 302, 200]
    assert [a.answer for a in attempts] == ["later", "ok", "ok"]


def test_first_retry_comes_after_5_to_15_seconds_and_later_ones_by_the_schedule(
    hook, workspace, endpoint, deliver, let_rest_pass
):
    tell(workspace)
    hook.always = lambda received: Answer(500)
    pauses = []
    for _ in range(3):
        deliver()
        row = WebhookDelivery.objects.get(endpoint=endpoint)
        pauses.append((row.due_at - timezone.now()).total_seconds())
        let_rest_pass()

    assert 4 < pauses[0] < 15
    assert 260 < pauses[1] < 335 and 1600 < pauses[2] < 2000


def test_receiver_that_wants_rest_gets_it(hook, workspace, endpoint, deliver):
    tell(workspace)
    hook.answers = [Answer(429, headers={"Retry-After": "120"})]

    deliver()

    endpoint.refresh_from_db()
    now = timezone.now()
    row = WebhookDelivery.objects.get(endpoint=endpoint)
    assert 110 < (row.due_at - now).total_seconds() < 121
    assert 110 < (endpoint.rests_until - now).total_seconds() < 121


def test_events_of_a_lead_wait_for_the_one_before_and_others_do_not(
    hook, workspace, endpoint, deliver, let_rest_pass
):
    first = tell(workspace, times=3)
    hook.answers = [Answer(500)]
    deliver()
    other = tell(workspace)
    deliver()

    [refused, passed] = hook.received
    assert refused.data["lead"]["id"] == str(first.pk)
    assert passed.data["lead"]["id"] == str(other.pk)

    let_rest_pass()
    deliver()

    of_first = [one for one in hook.received if one.data["lead"]["id"] == str(first.pk)]
    assert [one.data["sequence"] for one in of_first] == [1, 1, 2, 3]


def test_410_switches_the_endpoint_off_and_tells_the_others(
    hook, workspace, endpoint, deliver, let_rest_pass
):
    with receiver() as other:
        make_endpoint(workspace, other.url, "agent.trouble")
        tell(workspace)
        hook.answers = [Answer(410)]
        deliver()
        let_rest_pass()
        switched_off.tell()
        switched_off.tell()
        deliver()

        endpoint.refresh_from_db()
        assert (endpoint.off_because, len(hook.received)) == (Off.GONE, 1)
        [trouble] = other.received
    assert trouble.data["trouble"]["code"] == "webhook.off"
    alert = workspace.log.get(kind=LogKind.ALERT)
    assert "410 Gone" in alert.error and "/events" not in alert.error


def test_three_days_of_failures_switch_it_off_and_what_happens_meanwhile_is_kept(
    hook, workspace, endpoint, deliver, let_rest_pass
):
    lead = tell(workspace)
    hook.always = lambda received: Answer(500)
    deliver()
    long_ago = timezone.now() - timedelta(days=3)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=long_ago)
    let_rest_pass()
    deliver()
    endpoint.refresh_from_db()
    assert endpoint.off_because == Off.FAILING

    tell(workspace, lead)
    let_rest_pass()
    deliver()
    assert len(hook.received) == 2

    hook.always = lambda received: Answer(204, b"")
    endpoints.switch_on(endpoint)
    deliver()
    assert [one.data["sequence"] for one in hook.received] == [1, 1, 1, 2]


def test_secret_that_is_replaced_signs_for_a_day_too(hook, workspace, endpoint, secret, deliver):
    new = endpoints.rotate(endpoint)
    tell(workspace)
    deliver()
    day_after = timezone.now() - timedelta(seconds=1)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(former_until=day_after)
    tell(workspace)
    deliver()

    overlap, later = hook.received
    assert verify(overlap, secret) and verify(overlap, new) and verify(later, new)
    with pytest.raises(WebhookVerificationError):
        verify(later, secret)


def test_endpoint_is_told_only_of_the_types_it_wants(workspace, hook, deliver):
    make_endpoint(workspace, hook.url, "lead.booked")
    workspace.refresh_from_db()
    assert workspace.told_types == "lead.booked"

    tell(workspace)
    assert not WebhookEvent.objects.filter(workspace=workspace).exists()
    endpoint = WebhookEndpoint.objects.get(workspace=workspace)
    endpoints.send_test(endpoint)
    deliver()

    assert hook.types() == ["endpoint.test"]


def test_event_is_published_in_a_transaction_or_not_at_all(workspace, endpoint):
    workspace.refresh_from_db()
    lead = make_lead(workspace)

    with pytest.raises(RuntimeError):
        events.lead_created(lead)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.lead_created(lead)
        1 / 0  # noqa: B018

    lead.refresh_from_db()
    assert lead.events_told == 0
    assert not WebhookEvent.objects.filter(workspace=workspace).exists()


def test_nobody_who_listens_costs_no_query(workspace, django_assert_num_queries):
    lead = make_lead(workspace)

    with django_assert_num_queries(0):
        events.lead_created(lead)


def test_worker_that_died_while_it_sent_is_followed_by_another(
    hook, workspace, endpoint, deliver, monkeypatch
):
    tell(workspace)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(delivery, "_note", dies)
        deliver()
    deliver()
    assert len(hook.received) == 1  # somebody may still be at it

    WebhookDelivery.objects.filter(endpoint=endpoint).update(lease_until=timezone.now())
    deliver()

    first, second = hook.received
    assert (first.id, first.body) == (second.id, second.body)


def dies(*arguments):
    raise KeyboardInterrupt


def test_slow_endpoint_gets_few_places_and_leaves_others_some():
    room = places.Places(4)

    slow = [room.take(1, is_failing=False) for _ in range(4)]
    assert slow == [True, True, False, False]
    assert [room.take(2, is_failing=True), room.take(3, is_failing=True)] == [True, True]
    assert not room.take(4, is_failing=False)

    room.give_back(1, is_failing=False)
    assert room.take(4, is_failing=False)


def test_answer_that_never_comes_is_a_failure_after_15_seconds(
    hook, workspace, endpoint, deliver, monkeypatch
):
    monkeypatch.setattr("workspaces.webhooks.sending.TIMEOUT", 0.5)
    tell(workspace)
    hook.answers = [Answer(after=60)]
    began = time.monotonic()

    deliver()

    assert time.monotonic() - began < 30
    attempt = WebhookAttempt.objects.get(delivery__workspace=workspace)
    assert attempt.status_code is None and "no answer within 0.5 seconds" in attempt.error


def test_large_answer_is_cut_and_odd_bytes_are_kept_as_text(hook, workspace, endpoint, deliver):
    tell(workspace)
    hook.answers = [Answer(200, b"\x00\xff" + b"x" * 200_000)]

    deliver()

    attempt = WebhookAttempt.objects.get(delivery__workspace=workspace)
    assert attempt.is_success and len(attempt.answer) == 1_000


def test_gauge_tells_the_age_of_what_waits(workspace, endpoint, deliver):
    tell(workspace)
    then = timezone.now() - timedelta(hours=100)
    WebhookEvent.objects.filter(workspace=workspace).update(created_at=then)
    assert delivery.oldest_undelivered_seconds() >= 360_000

    deliver()

    assert delivery.oldest_undelivered_seconds() < 360_000


def test_type_of_each_event_can_be_wanted_but_the_test():
    assert set(endpoints.SUBSCRIBABLE) == set(EventType) - {EventType.ENDPOINT_TEST}
