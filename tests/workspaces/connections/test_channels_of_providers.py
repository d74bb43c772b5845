"""Each workspace has the providers of its channel: on pages, and on the command line."""

import secrets

import pytest

from tests.command_line import command
from tests.dashboard import text_of
from tests.factories import make_phone, make_user, make_workspace
from workspaces.connections import credentials
from workspaces.models import Channel

OPENER = "HX" + "a" * 32


@pytest.fixture
def workspace():
    return make_workspace(channel=Channel.WHATSAPP)


@pytest.fixture
def owner(workspace, visit):
    return visit(make_user(workspace))


@pytest.fixture
def settings(workspace):
    return f"/admin/{workspace.slug}/settings"


def fields(**changes):
    told = {
        "account_sid": f"AC{secrets.token_hex(16)}",
        "auth_token": secrets.token_hex(16),
        "from_": make_phone(),
        "opener_content_sid": OPENER,
        "follow_up_content_sid": "",
    }
    return {f"twilio-{name}": value for name, value in {**told, **changes}.items()}


def connect(workspace, *words, **options):
    return command("connect", workspace.slug, *words, **options)


def test_writing_workspace_is_shown_twilio_and_the_model_but_not_vapi(owner, settings):
    page = owner.get(settings).text

    assert f'href="{settings}/twilio"' in page and f'href="{settings}/openai"' in page
    assert f'href="{settings}/calcom"' in page
    assert f'href="{settings}/vapi"' not in page
    assert owner.get(f"{settings}/vapi").status_code == 404


def test_voice_workspace_is_shown_vapi_only(cast, visit):
    settings = f"/admin/{cast.workspace.slug}/settings"
    owner = visit(make_user(cast.workspace))

    page = owner.get(settings).text

    assert f'href="{settings}/vapi"' in page and f'href="{settings}/calcom"' in page
    assert "/settings/twilio" not in page and "/settings/openai" not in page
    for path in ("twilio", "twilio/disconnect", "openai"):
        assert owner.get(f"{settings}/{path}").status_code == 404


def test_page_says_what_to_enter_at_twilio_and_why(owner, settings, workspace):
    page = text_of(owner.get(f"{settings}/twilio"))

    assert f"/api/whatsapp/{workspace.slug}/inbound#rc=5&amp;rp=all" in page
    assert "up to five more times within 15 seconds" in page


def test_account_is_stored_with_its_number_as_twilio_writes_it(owner, settings, workspace):
    sent = fields(from_="+44 (7700) 900-123 ")
    owner.post(f"{settings}/twilio", **sent, save_anyway="1")

    account = credentials.twilio_account(workspace.pk)
    assert account.from_ == "whatsapp:+447700900123"
    assert account.auth_token == sent["twilio-auth_token"]
    assert account.auth_token not in owner.get(f"{settings}/twilio").text


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"account_sid": "SK" + "0" * 32}, "Enter the account SID: AC and 32"),
        ({"account_sid": ""}, "This field is required."),
        ({"auth_token": ""}, "Enter the auth token of the account."),
        ({"from_": "07700 900123"}, "Enter the number with its country code"),
        ({"from_": "whatsapp:+0"}, "Enter the number with its country code"),
        ({"from_": "MG123"}, "Enter the number with its country code"),
        ({"opener_content_sid": ""}, "This field is required."),
        ({"opener_content_sid": "hello"}, "Enter the SID of a content template"),
        ({"follow_up_content_sid": "HX1"}, "Enter the SID of a content template"),
    ],
)
def test_account_that_cannot_be_is_refused(owner, settings, workspace, change, complaint):
    answer = owner.post(f"{settings}/twilio", **fields(**change))

    assert answer.status_code == 200
    assert complaint in text_of(answer)
    assert not workspace.credentials.exists()


def test_sender_of_another_workspace_is_said_at_its_field(owner, settings, workspace):
    taken = fields()
    other = make_workspace(channel=Channel.WHATSAPP)
    connect_command(other, taken)

    answer = owner.post(f"{settings}/twilio", **taken, save_anyway="1")

    assert answer.status_code == 200
    assert "Another workspace has this sender" in text_of(answer)
    assert not workspace.credentials.exists()


def connect_command(workspace, told, **changes):
    words = [
        *("--account-sid", told["twilio-account_sid"]),
        *("--auth-token", "-"),
        *("--from", told["twilio-from_"]),
        *("--opener-content-sid", told["twilio-opener_content_sid"]),
    ]
    return connect(workspace, "twilio", *words, input=told["twilio-auth_token"])


def test_command_stores_an_account(workspace):
    told = fields()

    result = connect_command(workspace, told)

    assert (result.returncode, result.stderr) == (0, "")
    assert f"from whatsapp:{told['twilio-from_']}" in result.stdout
    assert told["twilio-auth_token"] not in result.stdout + str(list(workspace.log.values()))
    assert credentials.twilio_account(workspace.pk).auth_token == told["twilio-auth_token"]


def test_command_names_the_field_of_a_sender_that_is_taken(workspace):
    told = fields()
    connect_command(make_workspace(channel=Channel.WHATSAPP), told)

    result = connect_command(workspace, told)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("CommandError: from: Another workspace has this sender")
    assert not workspace.credentials.exists()


def test_command_takes_the_usual_model_where_none_is_given(workspace):
    result = connect(workspace, "openai", "--api-key", "-", input="sk-secret-1234")

    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{workspace.slug} is connected to Language model: model gpt-4o.\n"
    assert credentials.openai_account(workspace.pk).api_key == "sk-secret-1234"


@pytest.mark.parametrize(
    ("channel", "provider", "said"),
    [
        (Channel.VOICE, "twilio", "Twilio is for whatsapp workspaces"),
        (Channel.VOICE, "openai", "Language model is for whatsapp workspaces"),
        (Channel.WHATSAPP, "vapi", "Vapi is for voice workspaces"),
    ],
)
def test_command_says_that_a_provider_is_for_the_other_channel(channel, provider, said):
    workspace = make_workspace(channel=channel)

    result = connect(workspace, provider, "--api-key", "-", input="sk-x")

    assert (result.returncode, result.stdout) == (1, "")
    assert said in result.stderr and "Nothing was stored." in result.stderr
    assert not workspace.credentials.exists()
