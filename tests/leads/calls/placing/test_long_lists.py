"""An unclear call of an organisation that makes hundreds of calls a minute is settled too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.vapi import listing
from leads.calls.placing import reconcile
from leads.models import Call, Lead
from tests.factories import abandon_call
from workspaces.connections import credentials
from workspaces.models import Credential, CredentialKind

THREE_MINUTES = 180.0


@pytest.fixture(autouse=True)
def vapi_is_the_sandbox(settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url


@pytest.fixture
def connected_long_ago(cast):
    """The account is the one with which the calls below were placed."""
    rows = Credential.objects.filter(workspace=cast.workspace, kind=CredentialKind.VAPI)
    rows.update(updated_at=timezone.now() - timedelta(days=1))


def crowd(cast, call, a_minute):
    """Let Vapi have so many calls a minute around one of ours, that exists there or not."""
    store = cast.sandbox.providers["vapi"].store
    placed = cast.placed()
    if placed:
        [ours] = placed
        _move(ours, call.created_at + timedelta(seconds=1))
    else:
        ours = store.place(cast.vapi_key, {"assistantId": "other"}, ending=None, hidden_for=0)
        _move(ours, call.created_at + timedelta(seconds=1))
    store.crowd(ours, a_minute * 3, seconds=THREE_MINUTES)


def _move(placed, created):
    placed.created = created
    placed.body["createdAt"] = created.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def settle(call):
    """Look as often as it takes. Return how many looks that were, at most 99."""
    for look in range(1, 100):
        reconcile.settle_dialing_calls()
        call = Call.objects.filter(pk=call.pk).first()
        if call is None or call.status != "dialing":
            return look
        Call.objects.filter(pk=call.pk).update(lease_until=timezone.now())
    raise AssertionError("it was never settled")


@pytest.mark.parametrize("a_minute", [167, 5_200])
def test_call_that_was_placed_is_found_among_thousands(cast, a_minute):
    call = abandon_call(cast.workspace, placed=True)
    crowd(cast, call, a_minute)

    settle(call)

    call.refresh_from_db()
    assert call.vapi_call_id == cast.placed()[0].id


def test_call_that_was_not_placed_is_withdrawn_after_all_was_read(cast, monkeypatch):
    """Three pages a look: each goes on where the one before ended."""
    monkeypatch.setattr(listing, "MOST_PAGES", 3)
    call = abandon_call(cast.workspace, placed=False)
    crowd(cast, call, 400)

    looks = settle(call)

    assert looks >= 3
    assert not Lead.objects.filter(pk=call.lead_id).exists()


def test_only_calls_with_its_own_assistant_and_number_are_read(cast, connected_long_ago):
    call = abandon_call(cast.workspace, placed=False)
    crowd(cast, call, 5_200)  # with another assistant

    assert settle(call) == 1
    assert not Lead.objects.filter(pk=call.lead_id).exists()


def test_after_the_account_was_changed_all_calls_are_read(cast):
    call = abandon_call(cast.workspace, placed=True)
    account = credentials.vapi_account(cast.workspace.pk)
    other = type(account)(account.api_key, call.lead_id.hex, account.phone_number_id)
    credentials.connect_vapi(cast.workspace, other)

    settle(call)

    call.refresh_from_db()
    assert call.vapi_call_id == cast.placed()[0].id


@pytest.mark.parametrize("has_begun", [False, True])
def test_look_whose_time_is_used_up_teaches_nothing(cast, has_begun):
    """The database took it, while a page was written into the log."""
    call = abandon_call(cast.workspace, placed=True)
    if has_begun:
        now = timezone.now()
        Call.objects.filter(pk=call.pk).update(search_began_at=now, search_reached=call.created_at)
    call.refresh_from_db()

    assert reconcile.settle_once(call, timeout=0.0) is None
    call.lead.delete()  # else the tests below would settle it


def test_list_in_no_order_proves_nothing(cast, monkeypatch):
    call = abandon_call(cast.workspace, placed=False)
    crowd(cast, call, 400)
    store = cast.sandbox.providers["vapi"].store
    shown = store.shown
    monkeypatch.setattr(store, "shown", lambda key, **made: shown(key, **made)[::-1])

    settled = reconcile.settle_dialing_calls()

    assert settled.withdrawn == 0
    assert Lead.objects.filter(pk=call.lead_id).exists()
