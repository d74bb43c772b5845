"""What a key may do: its scopes, by its preset."""

import pytest
import requests
from django.db import connection

from tests.client import PATH, Api
from tests.envelope import assert_error
from tests.factories import make_key, make_lead
from tests.windows import make_limited_key
from workspaces.models import ApiKey

MAY = {
    "form": {"create", "read", "recording"},
    "crm": {"create", "read", "recording", "list"},
    "full": {"create", "read", "recording", "list", "erase"},
}
NEEDS = {"list": ("leads:list", "list leads"), "erase": ("leads:erase", "erase leads")}


def requests_of(api, lead):
    """Return what can be asked, by its name, and what is answered where it may be."""
    path = f"{PATH}/{lead.pk}"
    return {
        "create": (lambda: api.submit(), 201),
        "read": (lambda: api.read(lead.pk), 200),
        "recording": (lambda: api.ask("GET", f"{path}/recording", allow_redirects=False), 404),
        "list": (lambda: api.list(), 200),
        "erase": (lambda: api.erase(lead.pk), 204),
    }


@pytest.mark.parametrize("preset", MAY)
def test_key_may_do_what_its_preset_says_and_nothing_else(web, cast, preset):
    lead = make_lead(cast.workspace)
    api = Api(web.base_url, make_key(cast.workspace, preset=preset))

    for name, (ask, status) in requests_of(api, lead).items():
        response = ask()
        if name in MAY[preset]:
            assert response.status_code == status, name
            continue
        scope, words = NEEDS[name]
        message = f"This API key may not {words}: it needs the scope {scope}."
        assert_error(response, 403, "insufficient_scope", message=message)
        assert (
            response.headers["WWW-Authenticate"]
            == f'Bearer error="insufficient_scope", scope="{scope}"'
        )


def test_key_without_the_scope_cannot_find_out_which_leads_there_are(web, cast):
    lead = make_lead(cast.workspace)
    api = Api(web.base_url, make_key(cast.workspace, preset="form"))

    there, not_there = api.erase(lead.pk), api.erase("x")

    assert (there.status_code, there.content) == (not_there.status_code, not_there.content)
    assert cast.workspace.leads.filter(pk=lead.pk).exists()


def test_head_needs_the_scope_of_get_and_options_needs_none(web, cast):
    api = Api(web.base_url, make_key(cast.workspace, preset="form"))

    assert api.ask("HEAD", PATH).status_code == 403
    assert api.ask("OPTIONS", PATH).status_code == 200


def test_key_of_before_is_a_form_key(cast):
    # As a process of the release before makes them: without a word of it.
    key = make_key(cast.workspace, preset="form")
    fields = [f.attname for f in ApiKey._meta.concrete_fields if f.attname not in ("id", "preset")]
    row = ApiKey.objects.filter(prefix=key[8:16]).values(*fields).get()
    columns = ", ".join(fields)

    with connection.cursor() as cursor:
        values = {**row, "prefix": "0" * 8, "digest": "0" * 64}
        marks = ", ".join(["%s"] * len(fields))
        cursor.execute(
            f"INSERT INTO workspaces_apikey ({columns}) VALUES ({marks})", list(values.values())
        )

    added = ApiKey.objects.filter(prefix="0" * 8)
    assert added.get().scopes == ("leads:create", "leads:read")
    added.delete()


def test_refusals_for_want_of_a_scope_are_counted(start_web, cast):
    web = start_web()
    key = make_limited_key(cast.workspace)
    ApiKey.objects.filter(prefix=key[8:16]).update(preset="form")
    api = Api(web.base_url, key)

    statuses = [api.list().status_code for _ in range(6)]

    assert statuses == [403] * 5 + [429]


def test_unknown_key_is_told_nothing_of_scopes(web):
    headers = {"Authorization": f"Bearer ck_live_{'0' * 32}"}

    response = requests.get(web.base_url + PATH, headers=headers, timeout=30)

    assert_error(response, 401, "API key is invalid or revoked.")
    assert "scope" not in response.headers["WWW-Authenticate"]
