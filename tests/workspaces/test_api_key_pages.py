"""The pages of API keys."""

import re

import pytest

from tests.client import Api
from tests.dashboard import text_of
from tests.factories import make_user
from workspaces.models import ApiKey, LogEntry, Role

KEY = re.compile(r"ck_live_[0-9a-f]{32}")


def pages_of(cast) -> str:
    return f"/admin/{cast.workspace.slug}/api-keys"


def test_new_key_is_on_the_answer_to_the_post_and_nowhere_else(cast, visit, web):
    admin = visit(make_user(cast.workspace, Role.ADMIN))

    created = admin.post(f"{pages_of(cast)}/create", name="Website form")
    key = KEY.search(created.text)[0]

    assert "no-store" in created.headers["Cache-Control"]
    assert f"Authorization: Bearer {key}" in created.text.replace("&#x27;", "'")
    assert key not in admin.get(pages_of(cast)).text
    assert key not in str(list(ApiKey.objects.values()) + list(LogEntry.objects.values()))
    assert key not in web.output()
    assert Api(web.base_url, key).submit().status_code == 201


def test_list_shows_who_made_a_key_and_when_it_was_used(cast, visit, api):
    owner = make_user(cast.workspace)
    visit(owner).post(f"{pages_of(cast)}/create", name="Landing page")
    api.submit()

    text = text_of(visit(owner).get(pages_of(cast)))

    assert f"by {owner.email}" in text
    assert "Landing page" in text and "Never" in text


@pytest.mark.parametrize(
    ("sent", "scopes"),
    [
        ({}, "leads:create, leads:read"),
        ({"preset": "form"}, "leads:create, leads:read"),
        ({"preset": "crm"}, "leads:create, leads:read, leads:list"),
        ({"preset": "full"}, "leads:create, leads:read, leads:list, leads:erase"),
    ],
)
def test_new_key_has_the_scopes_of_its_preset_and_the_list_shows_them(cast, visit, sent, scopes):
    owner = visit(make_user(cast.workspace))

    created = owner.post(f"{pages_of(cast)}/create", name="Sync", **sent)

    row = cast.workspace.api_keys.get(name="Sync")
    assert ", ".join(row.scopes) == scopes
    assert f"It may {scopes}." in text_of(created)
    listed = f"… {row.get_preset_display()} {' '.join(row.scopes)} "
    assert listed in text_of(owner.get(pages_of(cast)))
    entry = cast.workspace.log.get(kind="operator_action")
    assert entry.request["scopes"] == scopes.split(", ")


def test_key_of_an_unknown_preset_is_not_made(cast, visit):
    answer = visit(make_user(cast.workspace)).post(
        f"{pages_of(cast)}/create", name="Sync", preset="god"
    )

    assert "Select a valid choice." in text_of(answer)
    assert not cast.workspace.api_keys.filter(name="Sync").exists()


def test_replacement_has_the_scopes_of_the_old_key(cast, visit):
    row = cast.workspace.api_keys.get()
    for preset in ("form", "crm"):
        cast.workspace.api_keys.filter(pk=row.pk).update(preset=preset)

        visit(make_user(cast.workspace)).post(f"{pages_of(cast)}/{row.prefix}/replace", old="keep")

        assert cast.workspace.api_keys.order_by("-pk").first().preset == preset


def test_key_without_a_name_is_not_made(cast, visit):
    before = cast.workspace.api_keys.count()

    answer = visit(make_user(cast.workspace)).post(f"{pages_of(cast)}/create", name=" ")

    assert "This field is required." in text_of(answer)
    assert cast.workspace.api_keys.count() == before


def test_revoked_key_stays_listed_and_cannot_be_replaced(cast, visit, api):
    owner = visit(make_user(cast.workspace))
    [row] = cast.workspace.api_keys.all()

    owner.post(f"{pages_of(cast)}/{row.prefix}/revoke")

    assert api.submit().status_code == 401
    assert "Revoked" in text_of(owner.get(pages_of(cast)))
    assert owner.post(f"{pages_of(cast)}/{row.prefix}/replace").status_code == 404


def test_replacement_can_revoke_the_old_key_at_once(cast, visit, api, web):
    [row] = cast.workspace.api_keys.all()

    answer = visit(make_user(cast.workspace)).post(
        f"{pages_of(cast)}/{row.prefix}/replace", old="revoke"
    )

    assert api.submit().status_code == 401
    assert Api(web.base_url, KEY.search(answer.text)[0]).submit().status_code == 201


def test_each_deed_is_in_the_log_under_who_did_it(cast, visit):
    owner = make_user(cast.workspace)
    [row] = cast.workspace.api_keys.all()

    visit(owner).post(f"{pages_of(cast)}/{row.prefix}/revoke")

    entry = cast.workspace.log.get(kind="operator_action")
    assert (entry.action, entry.request["by"]) == ("Revoke API key", owner.email)
