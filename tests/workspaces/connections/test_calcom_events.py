"""The webhook of a workspace at Cal.com: made, looked after, and removed."""

import secrets

import pytest
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from tests.command_line import command
from tests.dashboard import text_of
from tests.factories import make_user, make_workspace
from workspaces.connections import accounts, calcom_events, credentials, own_secrets
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.models import Subscription
from workspaces.settings import administration

CALCOM = CONNECTIONS["calcom"]
URL = "https://coachbot.example"


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def hooks(sandbox, settings):
    """Return a function: the webhooks that an account has at the sandbox."""
    settings.CALCOM_BASE_URL, settings.PUBLIC_BASE_URL = f"{sandbox.base_url}/v2", URL
    made = sandbox.providers["calcom"].hooks
    return lambda account: made.of(account.api_key, account.event_type_id)


def account(digits="00", key="") -> calcom.Account:
    key = key or f"cal_sandbox_{secrets.token_hex(8)}"
    return calcom.Account(key, int(f"1234{digits}"), "Europe/London")


def connect(workspace, entered):
    return accounts.connect(workspace=workspace, connection=CALCOM, account=entered, by=None)


def work():
    """Do what a worker does in time: what is due of other tests' workspaces, too."""
    while calcom_events.settle():
        pass


def make_due(workspace):
    Subscription.objects.filter(workspace=workspace).update(due_at=timezone.now())


def test_connecting_subscribes_at_the_event_type(workspace, hooks):
    entered = account()

    [finding] = connect(workspace, entered)

    [hook] = hooks(entered)
    assert hook.url == f"{URL}/api/calcom/{workspace.slug}/events"
    assert (hook.secret, hook.is_active) == (own_secrets.calcom_secret(workspace), True)
    assert "BOOKING_NO_SHOW_UPDATED" in hook.triggers and len(hook.triggers) == 8
    assert len(hook.secret) >= 43 and finding.is_fine
    assert hook.secret not in str(list(workspace.log.values()))
    assert hook.secret not in str(list(Subscription.objects.filter(workspace=workspace).values()))


def test_webhook_with_our_address_is_used_again_and_its_twins_go(workspace, hooks):
    entered = account()
    connect(workspace, entered)
    [hook] = hooks(entered)
    Subscription.objects.filter(workspace=workspace).delete()
    credentials.remove(workspace.pk, "calcom_events")
    sandbox_hooks = hooks.__closure__[0].cell_contents
    sandbox_hooks.put(entered.api_key, entered.event_type_id, type(hook)("twin", hook.url, (), ""))

    connect(workspace, entered)

    [again] = hooks(entered)
    assert (again.id, again.secret) == (hook.id, own_secrets.calcom_secret(workspace))


@pytest.mark.parametrize("digits", ["87", "88", "70"])
def test_webhook_that_fails_leaves_the_account_connected_and_is_tried_again(
    workspace, hooks, settings, digits
):
    settings.CALCOM_TIMEOUT = 1
    entered = account(digits)

    [finding] = connect(workspace, entered)

    assert credentials.calcom_account(workspace.pk) == entered
    assert finding.is_fine is None
    assert finding.sentence.startswith("Cal.com does not report bookings that move yet.")
    row = Subscription.objects.get(workspace=workspace)
    assert (row.state, row.tries, row.due_at > timezone.now()) == ("wanted", 1, True)


def test_worker_makes_what_could_not_be_made_at_once(workspace, hooks, settings, sandbox):
    entered = account()
    settings.CALCOM_BASE_URL = "http://127.0.0.1:9/v2"
    connect(workspace, entered)
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"
    assert hooks(entered) == []

    make_due(workspace)
    work()

    assert len(hooks(entered)) == 1
    assert calcom_events.findings(workspace)[0].is_fine


def test_account_of_an_older_release_gets_its_webhook_from_the_worker(workspace, hooks):
    entered = account()
    credentials.connect_calcom(workspace, entered)

    work()

    assert len(hooks(entered)) == 1


def test_trigger_that_cal_com_complains_of_is_left_out(workspace, hooks):
    entered = account("86")

    connect(workspace, entered)

    [hook] = hooks(entered)
    assert "BOOKING_PAID" not in hook.triggers and len(hook.triggers) == 7


def test_another_event_type_takes_the_webhook_along(workspace, hooks):
    before = account()
    connect(workspace, before)
    after = account("11", key=before.api_key)

    connect(workspace, after)

    assert (hooks(before), len(hooks(after))) == ([], 1)


def test_another_account_takes_the_webhook_along_once_cal_com_is_there(
    workspace, hooks, settings, sandbox
):
    before, after = account(), account("11")
    connect(workspace, before)
    settings.CALCOM_BASE_URL = "http://127.0.0.1:9/v2"
    connect(workspace, after)
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"
    assert len(hooks(before)) == 1

    make_due(workspace)
    work()

    assert (hooks(before), len(hooks(after))) == ([], 1)
    assert Subscription.objects.filter(workspace=workspace).count() == 1


def test_disconnecting_removes_it_with_its_secret(workspace, hooks):
    entered = account()
    connect(workspace, entered)

    accounts.disconnect(workspace=workspace, connection=CALCOM, by=None)

    assert hooks(entered) == []
    assert not workspace.credentials.exists()
    assert not Subscription.objects.filter(workspace=workspace).exists()


def test_deleting_the_workspace_removes_it(workspace, hooks):
    entered = account()
    connect(workspace, entered)

    administration.delete_workspace(workspace=workspace, by=make_user())

    assert hooks(entered) == []


def test_renamed_workspace_is_reported_to_at_its_new_address(workspace, hooks):
    entered = account()
    connect(workspace, entered)
    slug = f"new-{secrets.token_hex(4)}"
    administration.rename(workspace=workspace, name="New", slug=slug, by=make_user())

    work()

    [hook] = hooks(entered)
    assert hook.url == f"{URL}/api/calcom/{slug}/events"


def test_webhook_that_somebody_removed_is_made_anew(workspace, hooks):
    entered = account()
    connect(workspace, entered)
    sandbox_hooks = hooks.__closure__[0].cell_contents
    sandbox_hooks.remove(entered.api_key, entered.event_type_id, hooks(entered)[0].id)

    make_due(workspace)
    work()

    assert len(hooks(entered)) == 1


@pytest.mark.parametrize("public", ["http://coachbot.example", "https://127.0.0.1"])
def test_address_that_cal_com_cannot_reach_is_said_and_not_sent(workspace, settings, public):
    settings.PUBLIC_BASE_URL = public  # and Cal.com is the hosted one

    [finding] = connect(workspace, account())

    assert finding.is_fine is None
    assert finding.sentence.startswith(f"Cal.com cannot report to {public}: it needs a public")
    assert not workspace.log.filter(kind="provider_request").exists()


def test_commands_connect_and_disconnect(workspace, hooks, providers):
    entered = account()
    options = {**providers, "PUBLIC_BASE_URL": URL}
    fields = ["--event-type-id", str(entered.event_type_id), "--time-zone", "UTC"]

    connected = command(
        *("connect", workspace.slug, "calcom", "--api-key", "-", *fields),
        input=entered.api_key,
        **options,
    )
    made = len(hooks(entered))
    gone = command("disconnect", workspace.slug, "calcom", **options)

    assert (connected.returncode, gone.returncode) == (0, 0), gone.stderr
    assert "Cal.com reports bookings that are moved or cancelled." in connected.stdout
    assert gone.stdout == f"{workspace.slug} is disconnected from Cal.com.\n"
    assert (made, hooks(entered)) == (1, [])
    again = command("disconnect", workspace.slug, "calcom", **options)
    assert (again.returncode, "is not connected" in again.stderr) == (1, True)


def test_page_says_how_it_stands_and_disconnects(workspace, hooks, visit):
    entered = account()
    connect(workspace, entered)
    owner, path = visit(make_user(workspace)), f"/admin/{workspace.slug}/settings/calcom"
    assert "Cal.com reports bookings that are moved or cancelled." in text_of(owner.get(path))
    assert "Disconnect Cal.com?" in text_of(owner.get(f"{path}/disconnect"))

    owner.post(f"{path}/disconnect")

    assert "Cal.com is disconnected." in text_of(owner.get(path))
    assert not workspace.credentials.filter(kind="calcom").exists()
