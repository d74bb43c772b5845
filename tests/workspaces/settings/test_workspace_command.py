"""manage.py workspace: settings by their names, as scripts set and read them."""

import json

import pytest

from tests.command_line import command, manage
from tests.factories import make_workspace


def shown(result) -> dict:
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_settings_are_printed_typed():
    workspace = make_workspace(allowed_countries="GB,IE")

    assert shown(manage("workspace", workspace.slug)) == {
        "slug": workspace.slug,
        "name": "Test Studio",
        "channel": "voice",
        "is_paused": False,
        "books_by_hand": False,
        "form_published": False,
        "form_sites": "",
        "time_zone": "UTC",
        "daily_call_limit": 500,
        "daily_token_limit": 500_000,
        "lines": None,
        "lines_kept_free": 0,
        "allowed_countries": "GB,IE",
        "allowed_number_types": "",
        "default_country": "",
        "retention_days": None,
        "log_retention_days": 90,
        "follow_up_plan": "",
        "voicemail_counts_as_reached": False,
        "first_call_hours": "always",
        "later_call_hours": "mon-fri 09:00-20:00, sat 10:00-17:00",
        "days_off": "",
        "calls_a_day_per_lead": 3,
        "transfer_number": "",
    }


def test_several_settings_are_set_at_once_and_emptied_again():
    slug = make_workspace().slug

    result = command(
        *("workspace", slug, "--set", "is_paused=true", "default_country=gb"),
        *("--set", "books_by_hand=true"),
        *("--set", "retention_days=30", "--set", "daily_call_limit=7"),
    )
    emptied = command("workspace", slug, "--set", "default_country=", "retention_days=")

    assert {"is_paused": True, "books_by_hand": True}.items() <= shown(result).items()
    assert {"is_paused": True, "default_country": "GB"}.items() <= shown(result).items()
    assert {"retention_days": 30, "daily_call_limit": 7}.items() <= shown(result).items()
    assert {"is_paused": True, "daily_call_limit": 7}.items() <= shown(emptied).items()
    assert {"default_country": "", "retention_days": None}.items() <= shown(emptied).items()


def test_number_types_are_told_by_words_and_kept_in_one_order():
    slug = make_workspace().slug

    two = manage("workspace", slug, "--set", "allowed_number_types=satellite, personal,personal")
    emptied = manage("workspace", slug, "--set", "allowed_number_types=")

    assert shown(two)["allowed_number_types"] == "personal,satellite"
    assert shown(emptied)["allowed_number_types"] == ""


def test_time_zone_is_set_and_utc_where_none_is():
    slug = make_workspace().slug

    set_to = shown(manage("workspace", slug, "--set", "time_zone=Asia/Tokyo"))
    emptied = shown(manage("workspace", slug, "--set", "time_zone="))

    assert (set_to["time_zone"], emptied["time_zone"]) == ("Asia/Tokyo", "UTC")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("default_country=XX", "default_country"),
        ("is_paused=perhaps", "is_paused"),
        ("daily_call_limit=", "daily_call_limit"),
        ("daily_call_limit=-1", "daily_call_limit"),
        ("allowed_countries=GB,Narnia", "allowed_countries"),
        ("retention_days=soon", "retention_days"),
        ("allowed_number_types=mobile", "allowed_number_types"),
        ("time_zone=London", "Did you mean Europe/London?"),
        ("no_such_setting=1", "no_such_setting"),
        ("is_paused", "is_paused"),
    ],
)
def test_one_wrong_value_writes_nothing(change, named):
    workspace = make_workspace()

    result = command("workspace", workspace.slug, "--set", "is_paused=true", "--set", change)

    workspace.refresh_from_db()
    assert (result.returncode, result.stdout) == (1, "")
    assert named in result.stderr and "Traceback" not in result.stderr
    assert not workspace.is_paused


def test_unknown_workspace_is_said():
    result = command("workspace", "no-such-one")

    assert result.returncode == 1
    assert "no-such-one" in result.stderr


def test_country_of_a_new_workspace_is_set_and_allowed():
    slug = make_workspace().slug + "-gb"
    command("create_workspace", slug, "--name=Acme", "--country=GB")

    settings = shown(command("workspace", slug))

    assert (settings["default_country"], settings["allowed_countries"]) == ("GB", "GB")
    assert settings["allowed_number_types"] == ""


def test_unknown_country_of_a_new_workspace_is_refused():
    result = command("create_workspace", "new-in-narnia", "--name=Acme", "--country=XX")

    assert result.returncode == 1
    assert "--country" in result.stderr
    assert command("workspace", "new-in-narnia").returncode == 1


def test_transfer_number_is_kept_in_one_form_and_refused_in_others():
    slug = make_workspace().slug

    kept = command("workspace", slug, "--set", "transfer_number=+44 (20) 7946-0018")
    refused = [
        command("workspace", slug, "--set", f"transfer_number={text}")
        for text in ("020 7946 0018", "+44abc", "+0123456789", "sip:desk@example.com", "+1")
    ]
    emptied = command("workspace", slug, "--set", "transfer_number=")

    assert shown(kept)["transfer_number"] == "+442079460018"
    assert [result.returncode for result in refused] == [1] * 5
    assert all("transfer_number: Enter a phone number" in result.stderr for result in refused)
    assert shown(emptied)["transfer_number"] == ""
