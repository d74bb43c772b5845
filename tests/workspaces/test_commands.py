"""create_workspace, create_api_key and revoke_api_key, as an operator runs them."""

import re
import secrets

import pytest

from tests.client import Api
from tests.command_line import command, manage
from tests.factories import make_account, make_key, make_workspace
from workspaces.connections import credentials
from workspaces.models import ApiKey, User, Workspace

KEY = re.compile(r"ck_live_[0-9a-f]{32}")


def new_slug() -> str:
    return f"new-{secrets.token_hex(6)}"


def assert_refused(result, *words):
    """A sentence on stderr, no traceback, nothing on stdout, and an exit code that says so."""
    assert result.returncode != 0
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in words), result.stderr


def test_workspace_is_made_with_its_owner_and_its_vapi_account():
    slug, account = new_slug(), make_account()
    email = f"Owner@{slug}.example"

    result = manage(
        "create_workspace",
        slug,
        "--name=Acme Studio",
        f"--owner={email}",
        f"--vapi-api-key={account.api_key}",
        f"--vapi-assistant-id={account.assistant_id}",
        f"--vapi-phone-number-id={account.phone_number_id}",
    )

    workspace = Workspace.objects.get(slug=slug)
    owner = User.objects.get(email=email.lower())
    assert result.returncode == 0
    assert result.stderr.startswith("--vapi-api-key: on a command line everybody on this machine")
    assert account.api_key not in result.stderr
    assert result.stdout == (
        f"Workspace {slug} is ready.\n"
        f"User {email.lower()} is new. Set a password with: "
        f"python manage.py changepassword {email.lower()}\n"
        f"All else, up to a call to yourself, is done there: http://127.0.0.1/admin/{slug}/\n"
    )
    assert (workspace.name, workspace.channel) == ("Acme Studio", "voice")
    assert workspace.memberships.get().role == "owner"
    assert not owner.has_usable_password()
    assert credentials.vapi_account(workspace.pk) == account
    assert account.api_key not in result.stdout


def test_key_of_the_vapi_account_is_read_from_standard_input():
    slug, account = new_slug(), make_account()

    result = command(
        *("create_workspace", slug, "--name=Acme", "--vapi-phone-number-id", "-"),
        *("--vapi-api-key", "-", f"--vapi-assistant-id={account.assistant_id}"),
        input=f"{account.phone_number_id}\n{account.api_key}\nnot read\n",
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert credentials.vapi_account(Workspace.objects.get(slug=slug).pk) == account
    assert account.api_key not in result.stdout


def test_key_that_standard_input_does_not_hold_is_named():
    slug = new_slug()

    result = command("create_workspace", slug, "--name=Acme", "--vapi-api-key=-", input="")

    assert_refused(result, "--vapi-api-key", "standard input")
    assert not Workspace.objects.filter(slug=slug).exists()


def test_owner_who_exists_is_added_and_keeps_the_password():
    slug = new_slug()
    user = User.objects.create_user(f"{slug}@acme.example", "a password")

    result = command("create_workspace", slug, "--name=Acme", f"--owner={user.email.upper()}")

    user.refresh_from_db()
    assert result.stdout.startswith(f"Workspace {slug} is ready.\nAll else,")
    assert user.memberships.get().workspace.slug == slug
    assert user.check_password("a password")


def test_whatsapp_workspace_needs_neither_owner_nor_account():
    slug = new_slug()

    command("create_workspace", slug, "--name=Acme", "--channel=whatsapp")

    assert Workspace.objects.get(slug=slug).channel == "whatsapp"


@pytest.mark.parametrize("slug", ["Acme Studio", "login"])
def test_bad_slug_is_refused_with_a_sentence(slug):
    result = command("create_workspace", slug, "--name=Acme")

    assert_refused(result, "slug", ".")
    assert not Workspace.objects.filter(slug=slug).exists()


def test_slug_that_is_taken_is_refused():
    slug = make_workspace().slug

    result = command("create_workspace", slug, "--name=Acme")

    assert_refused(result, f"A workspace with the slug '{slug}' exists already.")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--name=" + "n" * 121], "name"),
        (["--name=Acme", "--owner=nobody"], "valid email address"),
        (["--name=Acme", "--vapi-assistant-id=a", "--vapi-phone-number-id=p"], "together"),
    ],
)
def test_workspace_with_bad_values_is_refused_and_not_made(arguments, word):
    slug = new_slug()

    result = command("create_workspace", slug, *arguments)

    assert_refused(result, word)
    assert not Workspace.objects.filter(slug=slug).exists()


def test_api_key_stands_alone_on_the_last_line_and_works_until_it_is_revoked(web):
    workspace = make_workspace(is_paused=True)

    created = manage("create_api_key", workspace.slug, "--name=Website")
    key = created.stdout.splitlines()[-1]
    before = Api(web.base_url, key).submit()
    revoked = manage("revoke_api_key", key[8:16])
    after = Api(web.base_url, key).submit()

    assert KEY.fullmatch(key) and created.returncode == revoked.returncode == 0
    assert workspace.api_keys.get().name == "Website"
    assert (before.status_code, after.status_code) == (201, 401)
    assert re.match(rf"Key {key[8:16]} is revoked since \d{{4}}-\d\d-\d\d", revoked.stdout)
    assert key not in revoked.stdout


def test_key_for_a_workspace_that_is_not_there_is_refused():
    assert_refused(command("create_api_key", "nowhere", "--name=x"), "no workspace 'nowhere'")


@pytest.mark.parametrize(
    ("arguments", "scopes"),
    [
        ((), "leads:create, leads:read"),
        (("--preset=crm",), "leads:create, leads:read, leads:list"),
        (("--preset", "full"), "leads:create, leads:read, leads:list, leads:erase"),
    ],
)
def test_key_has_the_scopes_of_its_preset(arguments, scopes):
    workspace = make_workspace()

    result = command("create_api_key", workspace.slug, "--name=Sync", *arguments)

    assert result.returncode == 0 and KEY.fullmatch(result.stdout.splitlines()[-1])
    assert f"with {scopes}." in result.stdout
    assert ", ".join(workspace.api_keys.get().scopes) == scopes


def test_key_of_an_unknown_preset_is_refused():
    workspace = make_workspace()

    assert_refused(command("create_api_key", workspace.slug, "--name=x", "--preset=god"), "preset")
    assert not workspace.api_keys.exists()


def test_key_with_a_name_that_is_too_long_is_refused():
    workspace = make_workspace()

    result = command("create_api_key", workspace.slug, f"--name={'n' * 121}")

    assert_refused(result, "name")
    assert not workspace.api_keys.exists()


def test_revoking_a_key_twice_is_revoking_it_once():
    prefix = make_key(make_workspace())[8:16]
    first = command("revoke_api_key", prefix)
    stamp = ApiKey.objects.get(prefix=prefix).revoked_at

    second = command("revoke_api_key", prefix)

    assert first.stdout == second.stdout
    assert ApiKey.objects.get(prefix=prefix).revoked_at == stamp


def test_key_can_be_revoked_by_the_whole_of_it_but_only_by_the_right_one():
    key = make_key(make_workspace())
    mistyped = key[:-1] + ("0" if key[-1] != "0" else "1")

    refused = command("revoke_api_key", mistyped)
    revoked = command("revoke_api_key", key)

    assert_refused(refused, f"There is no API key {key[:16]}….")
    assert mistyped not in refused.stderr
    assert revoked.returncode == 0


def test_unknown_prefix_is_refused():
    assert_refused(command("revoke_api_key", "00000000"), "There is no API key ck_live_00000000….")


@pytest.mark.parametrize(
    ("name", "owner", "named"),
    [
        ("Acme\nStudio", "owner@acme.example", "name"),
        ("\u200b", "owner@acme.example", "name"),
        ("n" * 121, "owner@acme.example", "name"),
        ("Acme", "owner@\u3164", "email"),
        ("Acme", "o\u200bwner", "email"),
    ],
)
def test_workspace_with_a_name_or_owner_that_cannot_be_is_not_made(name, owner, named):
    slug = new_slug()

    result = command("create_workspace", slug, f"--name={name}", f"--owner={owner}")

    assert_refused(result, named)
    assert not Workspace.objects.filter(slug=slug).exists()


def test_key_needs_a_name_on_one_line():
    workspace = make_workspace()

    assert_refused(command("create_api_key", workspace.slug, "--name=a\nb"), "name")
    assert not workspace.api_keys.exists()
