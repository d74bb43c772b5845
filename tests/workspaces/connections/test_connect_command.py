"""manage.py connect: accounts at providers, as scripts enter them."""

import re
import secrets

import pytest

from coachbot.providers.calcom import client as calcom
from tests.command_line import command, manage
from tests.factories import make_account, make_workspace
from tests.servers import ROOT
from workspaces.connections import credentials

AWAY = {"VAPI_BASE_URL": "http://127.0.0.1:9", "CALCOM_BASE_URL": "http://127.0.0.1:9/v2"}
MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def workspace():
    """A workspace without any account."""
    return make_workspace()


def new_key() -> str:
    return f"cal_sandbox_{secrets.token_hex(8)}"


def ids(account) -> list[str]:
    return [
        *("--assistant-id", account.assistant_id),
        *("--phone-number-id", account.phone_number_id),
    ]


def connect(workspace, *arguments, run=command, **options):
    """Run the command, and see that no secret of its input comes out of it."""
    result = run("connect", workspace.slug, *arguments, **options)
    for line in options.get("input", "").split():
        if "sandbox" in line:
            assert line not in result.stdout + result.stderr
            assert line not in str(list(workspace.log.values()))
    return result


def assert_refused(result, workspace, *words):
    """Sentences on stderr, exit 1, and no account stored."""
    assert (result.returncode, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in words), result.stderr
    assert not workspace.credentials.exists()


def test_vapi_account_is_stored_and_told_but_for_its_key(workspace):
    account = make_account()

    secret = {"input": account.api_key}
    result = connect(workspace, "vapi", "--api-key", "-", *ids(account), run=manage, **secret)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        f"{workspace.slug} is connected to Vapi: assistant-id {account.assistant_id}, "
        f"phone-number-id {account.phone_number_id}.\n"
    )
    assert credentials.vapi_account(workspace.pk) == account
    assert workspace.credentials.get().last_four == account.api_key[-4:]


def test_log_has_the_row_of_the_page_with_the_command_line_as_its_actor(workspace):
    account = make_account()

    connect(workspace, "vapi", "--api-key", "-", *ids(account), input=account.api_key)

    row = workspace.log.get()
    assert (row.action, row.outcome) == ("Change Vapi account", "succeeded")
    assert row.request == {
        "by": "the command line",
        "assistant": account.assistant_id,
        "phone_number": account.phone_number_id,
    }


def test_several_dashes_read_a_line_each_in_the_order_of_the_command_line(workspace):
    key = new_key()

    result = connect(
        *(workspace, "calcom", "--time-zone", "-", "--event-type-id=123400", "--api-key", "-"),
        input=f"Europe/Paris\r\n{key}\nnot read\n",
    )

    assert result.returncode == 0, result.stderr
    assert credentials.calcom_account(workspace.pk) == calcom.Account(key, 123400, "Europe/Paris")


def test_fields_that_are_left_out_stay_as_they_are_stored(workspace):
    credentials.connect_calcom(workspace, calcom.Account("cal_kept", 123400, "Europe/London"))

    connect(workspace, "calcom", "--time-zone", "Asia/Tokyo")

    account = credentials.calcom_account(workspace.pk)
    assert account == calcom.Account("cal_kept", 123400, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("arguments", "input", "named"),
    [
        ([], "", ["api-key", "event-type-id", "time-zone"]),
        (["--event-type-id=1", "--time-zone=UTC"], "", ["api-key: Enter an API key"]),
        (["--api-key=-", "--event-type-id=1"], "sandbox-1", ["time-zone: This field is required."]),
        (["--event-type-id=-5", "--api-key=-"], "sandbox-1", ["event-type-id"]),
        (["--time-zone=Mars/Olympus"], "", ["time-zone: There is no such time zone."]),
        (["--api-key=-"], "", ["api-key: standard input"]),
        (["--api-key=-", "--time-zone=-"], "sandbox-1\n", ["time-zone: standard input"]),
        (["--api-key=-"], "sandbox two", ["api-key"]),
        (["--api-key="], "", ["api-key"]),
        (["--time-zone"], "", ["--time-zone"]),
        (["--assistant-id=a"], "", ["--assistant-id: no such field", "--event-type-id"]),
        (["--api=x"], "", ["--api: no such field"]),
        (["UTC"], "", ["--FIELD VALUE"]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(workspace, arguments, input, named):
    result = connect(workspace, "calcom", *arguments, input=input)

    assert_refused(result, workspace, *named)
    assert not workspace.log.exists()


def test_one_wrong_field_keeps_the_account_that_is_stored(workspace):
    account = make_account()
    credentials.connect_vapi(workspace, account)

    result = connect(workspace, "vapi", "--api-key=-", "--assistant-id=a", input="sandbox-other")

    assert (result.returncode, result.stdout) == (1, "")
    assert "assistant-id: Enter a valid UUID." in result.stderr
    assert credentials.vapi_account(workspace.pk) == account


def test_value_in_the_wrong_place_is_not_repeated(workspace):
    """It may be the key."""
    result = connect(workspace, "vapi", "--apikey", "sandbox-secret")

    assert_refused(result, workspace, "--apikey: no such field")
    assert "sandbox-secret" not in result.stderr


@pytest.mark.parametrize("provider", ["twilo", "vapi_tools", "VAPI"])
def test_unknown_provider_is_refused_with_those_that_there_are(workspace, provider):
    result = connect(workspace, provider, "--api-key", "x")

    assert_refused(
        result, workspace, f"{provider}: no such provider", "vapi, twilio, openai, calcom"
    )


def test_unknown_workspace_is_said():
    result = command("connect", "no-such-one", "vapi", "--api-key", "x")

    assert (result.returncode, result.stdout) == (1, "")
    assert "no-such-one" in result.stderr


def test_key_on_the_command_line_is_taken_and_said_to_be_visible(workspace):
    account = make_account()

    result = connect(workspace, "vapi", "--api-key", account.api_key, *ids(account))

    assert result.returncode == 0
    assert result.stderr.startswith("api-key: on a command line everybody on this machine can see")
    assert account.api_key not in result.stdout + result.stderr
    assert credentials.vapi_account(workspace.pk) == account


def test_verified_account_is_stored_with_what_the_provider_says(workspace, providers):
    account = make_account()

    result = connect(
        *(workspace, "vapi", "--api-key", "-", *ids(account), "--verify"),
        input=account.api_key,
        **providers,
    )

    said = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert said[0].startswith("The assistant is there")
    assert said[1].startswith("The assistant has no server URL of its own")
    assert said[2].startswith("The assistant lacks 8 of Coachbot's tools: updateLeadProfile,")
    assert said[3].startswith("The phone number is there")
    assert said[4].startswith("Vapi does not ask Coachbot who calls back")
    assert said[5].startswith(f"{workspace.slug} is connected to Vapi:")
    assert credentials.vapi_account(workspace.pk) == account
    assert list(workspace.log.order_by("id").values_list("action", flat=True)) == [
        "Verify Vapi account",
        "Change Vapi account",
    ]


def test_catch_is_told_and_the_account_stored(workspace, providers):
    result = connect(
        *(workspace, "calcom", "--verify", "--event-type-id=7710", "--time-zone=UTC"),
        *("--api-key", "-"),
        input=new_key(),
        **providers,
    )

    assert result.returncode == 0, result.stderr
    assert "Bookings wait for your confirmation" in result.stdout
    assert workspace.credentials.filter(kind="calcom").exists()


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (make_account(api_key="public-sandbox"), ["does not accept the API key"]),
        (
            make_account(phone_number_id=MISSING),
            ["The assistant is there", "Vapi knows no phone number"],
        ),
    ],
)
def test_vapi_account_that_is_refused_is_not_stored(workspace, providers, account, said):
    result = connect(
        *(workspace, "vapi", "--api-key", "-", *ids(account), "--verify"),
        input=account.api_key,
        **providers,
    )

    assert_refused(result, workspace, *said, "Nothing was stored.")
    [deed] = workspace.log.filter(kind="operator_action")
    assert deed.outcome == "failed"


def test_refused_account_does_not_replace_the_stored_one(workspace, providers):
    good = make_account()
    credentials.connect_vapi(workspace, good)

    result = connect(workspace, "vapi", "--assistant-id", MISSING, "--verify", **providers)

    assert result.returncode == 1
    assert "Vapi knows no assistant" in result.stderr
    assert credentials.vapi_account(workspace.pk) == good


@pytest.mark.parametrize("provider", ["vapi", "calcom"])
def test_provider_that_cannot_be_reached_is_said_and_nothing_is_stored(workspace, provider):
    fields = {"vapi": ids(make_account()), "calcom": ["--event-type-id=1", "--time-zone=UTC"]}

    result = connect(
        *(workspace, provider, "--api-key=-", *fields[provider], "--verify"),
        input=new_key(),
        **AWAY,
    )

    assert_refused(result, workspace, "the provider could not be reached", "Nothing was stored.")


def test_what_is_stored_can_be_verified_again(workspace, providers):
    credentials.connect_calcom(workspace, calcom.Account(new_key(), 7700, "Europe/London"))

    result = connect(workspace, "calcom", "--verify", **providers)

    assert result.returncode == 0, result.stderr
    assert "Key, event type and time zone work." in result.stdout


def test_account_that_cannot_be_opened_is_entered_anew(workspace):
    account = make_account()
    credentials.connect_vapi(workspace, account)
    workspace.credentials.update(sealed="v1.00000000.AAAA")

    refused = connect(workspace, "vapi", *ids(account))
    stored = connect(workspace, "vapi", *ids(account), "--api-key=-", input=account.api_key)

    assert refused.returncode == 1
    assert "api-key: Enter" in refused.stderr and "cannot be read" in refused.stderr
    assert stored.returncode == 0, stored.stderr
    assert credentials.vapi_account(workspace.pk) == account


def test_help_lists_the_fields_of_a_provider(workspace):
    result = connect(workspace, "calcom", "--help")

    assert result.returncode == 0
    assert all(
        option in result.stdout for option in ("--api-key", "--event-type-id", "--time-zone")
    )


def test_documents_show_secrets_by_standard_input_only():
    """What stands on a command line is in the list of processes and the shell's history."""
    texts = [
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "compose.yaml", ".env.example")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "templates").rglob("*.*"),
    ]

    values = [
        value
        for path in texts
        for value in re.findall(r"--(?:vapi-)?api-key[ =]+([^\s`]+)", path.read_text())
    ]

    assert values and set(values) == {"-"}
