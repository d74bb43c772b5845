"""Credentials at rest: sealed, bound to their row, rotated while the server runs."""

import base64
import os
import secrets

import pytest

from tests.client import Api
from tests.command_line import manage
from tests.factories import make_account, make_workspace
from tests.servers import ForkedWebServer, WebServer
from workspaces.connections import credentials
from workspaces.models import Credential


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def workspace():
    """A connected workspace. What a test does to its credential must not stop other servers."""
    workspace = make_workspace(vapi_account=make_account())
    yield workspace
    workspace.credentials.all().delete()


def test_stored_text_tells_nothing_of_the_account():
    account = make_account()
    row = make_workspace(vapi_account=account).credentials.get()

    for part in (account.api_key, account.assistant_id, account.phone_number_id):
        assert part not in row.sealed
    assert row.last_four == account.api_key[-4:]


def test_same_account_sealed_twice_differs(workspace):
    account = credentials.vapi_account(workspace.pk)
    first = workspace.credentials.get().sealed

    credentials.connect_vapi(workspace, account)

    assert workspace.credentials.get().sealed != first
    assert credentials.vapi_account(workspace.pk) == account


def test_row_copied_to_another_workspace_does_not_open(workspace):
    thief = make_workspace(vapi_account=make_account())
    stolen = workspace.credentials.get().sealed
    Credential.objects.filter(workspace=thief).update(sealed=stolen)

    with pytest.raises(credentials.CannotUnseal):
        credentials.vapi_account(thief.pk)


def test_row_of_another_kind_does_not_open(workspace):
    workspace.credentials.update(kind="calcom")

    with pytest.raises(credentials.CannotUnseal):
        credentials.load(workspace.pk, credentials.CredentialKind.CALCOM)


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: sealed[:-8] + "AAAAAAA=",
        lambda sealed: sealed[:30],
        lambda sealed: sealed[: sealed.rindex(".") + 1],
        lambda sealed: "v2" + sealed[2:],
        lambda sealed: "",
    ],
)
def test_damaged_text_does_not_open(workspace, damage):
    row = workspace.credentials.get()
    Credential.objects.filter(pk=row.pk).update(sealed=damage(row.sealed))

    with pytest.raises(credentials.CannotUnseal):
        credentials.vapi_account(workspace.pk)


def test_lead_whose_workspace_has_a_damaged_account_is_refused_and_gone(api, cast):
    sealed = cast.workspace.credentials.get().sealed
    cast.workspace.credentials.update(sealed=sealed[:30])

    response = api.submit()

    assert (response.status_code, response.json()["error"]) == (502, "voice_dispatch_failed")
    assert not cast.workspace.leads.exists()


def test_key_is_rotated_while_the_server_runs(cast, sandbox):
    old, new = os.environ["ENCRYPTION_KEY"], new_key()
    settings = {"VAPI_BASE_URL": sandbox.base_url, "PUBLIC_API_RATE_LIMITS": "1000/m"}
    web = ForkedWebServer(**settings, ENCRYPTION_KEY=f"{new},{old}").start()
    api = Api(web.base_url, cast.key)
    try:
        sealed = cast.workspace.credentials.get().sealed
        before = api.submit().status_code
        rotated = manage("rotate_encryption_key", ENCRYPTION_KEY=f"{new},{old}")
        resealed = cast.workspace.credentials.get().sealed
        after = api.submit().status_code
    finally:
        web.stop()
        manage("rotate_encryption_key", ENCRYPTION_KEY=f"{old},{new}")

    assert (before, after) == (201, 201)
    assert "credentials were sealed anew" in rotated.stdout
    assert sealed.split(".")[1] != resealed.split(".")[1]


def test_wrong_key_stops_the_start_with_a_sentence_and_changes_nothing(workspace):
    sealed = workspace.credentials.get().sealed

    with pytest.raises(RuntimeError) as failure:
        WebServer(ENCRYPTION_KEY=new_key()).start()

    assert "Coachbot cannot start: ENCRYPTION_KEY does not open" in str(failure.value)
    assert "Traceback" not in str(failure.value)
    assert workspace.credentials.get().sealed == sealed


def test_rotation_without_the_old_key_fails_and_says_which_is_missing(workspace):
    result = manage("rotate_encryption_key", ENCRYPTION_KEY=new_key())

    assert result.returncode != 0
    assert "which ENCRYPTION_KEY does not hold" in result.stderr
