"""manage.py do_not_call, and the key of the list's hashes."""

import base64
import os
import secrets

from leads.contact.do_not_call import opt_outs
from tests.command_line import command, manage
from tests.factories import make_phone, make_workspace


def test_numbers_are_added_checked_and_removed():
    slug, phone = make_workspace().slug, make_phone()

    added = manage("do_not_call", slug, "add", phone, make_phone())
    listed = command("do_not_call", slug, "check", phone, make_phone())
    removed = command("do_not_call", slug, "remove", phone)
    after = command("do_not_call", slug, "check", phone)

    assert added.stdout == "2 added, 0 listed already.\n"
    assert listed.stdout == "listed\nnot listed\n"
    assert removed.stdout == "1 removed, 0 not listed.\n"
    assert after.stdout == "not listed\n"


def test_numbers_are_read_one_a_line_from_standard_input():
    workspace = make_workspace(default_country="GB")
    phone = make_phone()

    added = command(
        "do_not_call", workspace.slug, "add", "-", input=f"{phone}\n\n0{phone[3:]}\n07911 123456\n"
    )

    assert added.stdout == "2 added, 1 listed already.\n"
    assert opt_outs.is_listed(workspace.pk, "+447911123456")


def test_a_wrong_number_is_named_and_nothing_is_done():
    workspace, phone = make_workspace(), make_phone()

    refused = command("do_not_call", workspace.slug, "add", phone, "12", "ext 5")

    assert refused.returncode == 1
    assert "PHONE 12: Phone must be a valid E.164-style number." in refused.stderr
    assert "PHONE ext 5" in refused.stderr
    assert not opt_outs.is_listed(workspace.pk, phone)


def test_an_unknown_workspace_is_named():
    refused = command("do_not_call", "no-such-workspace", "check", make_phone())

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "There is no workspace 'no-such-workspace'." in refused.stderr


def test_the_list_is_read_under_a_new_encryption_key():
    workspace, phone = make_workspace(), make_phone()
    opt_outs.add(workspace, [phone], way="command")
    old, new = os.environ["ENCRYPTION_KEY"], base64.b64encode(secrets.token_bytes(32)).decode()

    manage("rotate_encryption_key", ENCRYPTION_KEY=f"{new},{old}")
    found = manage("do_not_call", workspace.slug, "check", phone, ENCRYPTION_KEY=new)

    manage("rotate_encryption_key", ENCRYPTION_KEY=f"{old},{new}")
    assert found.stdout == "listed\n"
