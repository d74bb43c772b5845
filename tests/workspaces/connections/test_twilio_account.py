"""A Twilio account in the database: sealed, found by its sender, one workspace's, and rotated."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection as database

from coachbot.providers.openai.client import Account as Model
from coachbot.providers.twilio.asking import SANDBOX_SENDER, Account
from tests.factories import make_phone, make_workspace
from workspaces.connections import accounts, credentials, twilio_signers
from workspaces.connections.connected import is_connected, missing
from workspaces.connections.connection import TakenElsewhere
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.models import Channel, Credential

TWILIO, OPENAI = CONNECTIONS["twilio"], CONNECTIONS["openai"]
OPENER = "HX" + "a" * 32


@pytest.fixture
def workspace():
    return make_workspace(channel=Channel.WHATSAPP)


def make_account(**fields) -> Account:
    told = {
        "account_sid": f"AC{secrets.token_hex(16)}",
        "auth_token": secrets.token_hex(16),
        "from_": f"whatsapp:{make_phone()}",
        "opener_content_sid": OPENER,
    }
    return Account(**{**told, **fields})


def store(workspace, account, connection=TWILIO):
    return accounts.connect(workspace=workspace, connection=connection, account=account, by=None)


def signer_of(account, **where):
    told = {"account_sid": account.account_sid, "to": account.from_, **where}
    return twilio_signers.of_number(**told)


def later(monkeypatch, minutes):
    now = twilio_signers.timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(twilio_signers.timezone, "now", lambda: now)


def test_account_is_sealed_and_comes_back(workspace):
    account = make_account()

    store(workspace, account)

    row = Credential.objects.get(workspace=workspace, kind="twilio")
    assert credentials.twilio_account(workspace.pk) == account
    assert (row.last_four, account.auth_token in row.sealed) == (account.auth_token[-4:], False)


def test_workspace_is_found_by_the_sender_that_is_stored(workspace):
    account = make_account()

    store(workspace, account)

    workspace.refresh_from_db()
    assert workspace.twilio_sender == account.from_
    assert workspace.twilio_account_sid == account.account_sid
    assert signer_of(account).workspace_id == workspace.pk


def test_workspace_is_found_by_its_messaging_service(workspace):
    account = make_account(from_="MG" + secrets.token_hex(16))

    store(workspace, account)

    found = signer_of(account, to="whatsapp:+15550000000", service_sid=account.from_)
    assert found.workspace_id == workspace.pk
    assert signer_of(account, to="whatsapp:+15550000000").workspace_id is None


def test_another_account_with_the_number_finds_nothing(workspace):
    account = make_account()
    store(workspace, account)

    found = signer_of(account, account_sid="AC" + "0" * 32)

    assert found.workspace_id is None
    assert len(found.tokens) == 1 and account.auth_token not in found.tokens


def test_nothing_is_found_by_nothing(workspace):
    store(workspace, make_account())
    make_workspace(channel=Channel.WHATSAPP)

    for sid, to in (("", ""), ("AC" + "0" * 32, "")):
        found = twilio_signers.of_number(account_sid=sid, to=to)
        assert found.workspace_id is None


def test_sender_of_another_workspace_is_refused_and_nothing_is_stored(workspace):
    account = make_account()
    store(make_workspace(channel=Channel.WHATSAPP), account)

    with pytest.raises(TakenElsewhere, match="Another workspace has this sender") as caught:
        store(workspace, account)

    assert caught.value.field == "from_"
    assert not workspace.credentials.exists() and not workspace.log.exists()


def test_sender_of_another_keeps_the_account_that_is_stored(workspace):
    mine, theirs = make_account(), make_account()
    store(workspace, mine)
    store(make_workspace(channel=Channel.WHATSAPP), theirs)

    with pytest.raises(TakenElsewhere):
        store(workspace, theirs)

    workspace.refresh_from_db()
    assert credentials.twilio_account(workspace.pk) == mine
    assert workspace.twilio_sender == mine.from_


def test_of_many_who_store_one_sender_at_once_one_has_it():
    account = make_account()
    workspaces = [make_workspace(channel=Channel.WHATSAPP) for _ in range(4)]

    def attempt(workspace):
        try:
            store(workspace, account)
        except TakenElsewhere:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(attempt, workspaces))

    kept = [one for one in workspaces if one.credentials.exists()]
    assert stored.count(True) == 1
    assert [one.pk for one in kept] == [signer_of(account).workspace_id]


def test_sandbox_number_is_for_many(workspace):
    account = make_account(from_=SANDBOX_SENDER)
    other = make_workspace(channel=Channel.WHATSAPP)

    for one in (workspace, other):
        store(one, account)

    assert signer_of(account).workspace_id == workspace.pk
    assert twilio_signers.of_slug(other.slug).workspace_id == other.pk


def test_disconnecting_frees_the_sender(workspace):
    account = make_account()
    store(workspace, account)

    accounts.disconnect(workspace=workspace, connection=TWILIO, by=None)

    workspace.refresh_from_db()
    assert (workspace.twilio_sender, workspace.twilio_account_sid) == ("", "")
    assert signer_of(account).workspace_id is None
    store(make_workspace(channel=Channel.WHATSAPP), account)


def test_token_before_signs_for_a_while_after_a_new_one(workspace, monkeypatch):
    old = make_account()
    new = Account(**{**vars(old), "auth_token": "n" * 32})
    store(workspace, old)
    store(workspace, new)

    assert signer_of(old).tokens == (new.auth_token, old.auth_token)
    assert credentials.twilio_account(workspace.pk) == new

    later(monkeypatch, 16)
    assert signer_of(old).tokens == (new.auth_token,)


def test_change_of_a_template_keeps_the_overlap(workspace):
    old = make_account()
    for changed in (
        {},
        {"auth_token": "n" * 32},
        {"auth_token": "n" * 32, "follow_up_content_sid": OPENER},
    ):
        store(workspace, Account(**{**vars(old), **changed}))

    assert signer_of(old).tokens == ("n" * 32, old.auth_token)


def test_token_of_another_account_is_not_kept(workspace):
    old, new = make_account(), make_account()
    store(workspace, old)
    store(workspace, new)

    assert signer_of(new).tokens == (new.auth_token,)


def test_signer_of_a_slug_has_its_account(workspace):
    account = make_account()
    store(workspace, account)

    found = twilio_signers.of_slug(workspace.slug)

    assert (found.workspace_id, found.account_sid) == (workspace.pk, account.account_sid)
    assert found.tokens == (account.auth_token,)
    assert account.auth_token not in repr(found)


@pytest.mark.parametrize("slug", ["no-such-one", "", "x" * 500])
def test_signer_of_no_workspace_has_a_token_of_nobody(slug):
    found = twilio_signers.of_slug(slug)

    assert (found.workspace_id, found.account_sid) == (None, "")
    assert len(found.tokens[0]) > 30


def test_writing_needs_both_accounts(workspace):
    assert not is_connected(workspace)

    store(workspace, make_account())
    assert missing(workspace) == ["openai"]

    store(workspace, Model("sk-x"), OPENAI)
    assert is_connected(workspace) and is_connected(workspace, Channel.WHATSAPP)
    assert not is_connected(workspace, Channel.VOICE)


def test_another_account_has_no_faults_yet(workspace):
    type(workspace).objects.filter(pk=workspace.pk).update(account_faults=5, account_fault="x")

    store(workspace, make_account())

    workspace.refresh_from_db()
    assert (workspace.account_faults, workspace.account_fault) == (0, "")


def test_sandbox_number_of_the_constraint_is_the_providers():
    [constraint] = [
        one
        for one in Credential._meta.get_field("workspace").related_model._meta.constraints
        if one.name == "workspace_twilio_sender_unique"
    ]

    assert SANDBOX_SENDER in str(constraint.condition)
