"""The token of an address: who is let in, replaced, revoked; and how often."""

import json
import secrets
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from leads.intake_addresses import administration, tokens
from leads.models import IntakeAddress
from tests.command_line import manage
from tests.envelope import assert_error
from tests.factories import make_phone, make_user
from tests.leads.intake_addresses.forms import BY_NAME, Form, make_form


@pytest.fixture
def form(web, cast):
    return make_form(web.base_url, cast.workspace)


def replace(form, *, end_now):
    by = make_user(form.address.workspace)
    administration.replace_token(address=form.address, by=by, end_now=end_now)
    return Form(form.base_url, form.reload())


def test_token_is_128_bits_and_stored_sealed(form):
    stored = serializers.serialize("json", IntakeAddress.objects.filter(pk=form.address.pk))

    assert len(bytes.fromhex(form.token)) * 8 == 128
    assert form.token not in stored
    assert tokens.show(form.reload()) == form.token


@pytest.mark.parametrize(
    "token", ["x", "0" * 32, "%00", "%ff", "a" * 3_000, "A" * 32, " " * 32, "..", "\u0660" * 32]
)
def test_token_of_nobody_is_404_in_the_envelope(form, token):
    form.token = token

    response = form.send(phone=make_phone())

    assert response.status_code == 404
    assert response.json()["error"] == "Not found."


def test_wrong_tokens_are_limited_by_address(start_web, cast):
    # A window of its own: the failures of other tests come from the same address.
    web = start_web(FAILED_KEY_RATE_LIMIT="3/7d")
    form = make_form(web.base_url, cast.workspace)
    right, form.token = form.token, secrets.token_hex(16)

    statuses = [form.send(phone=make_phone()).status_code for _ in range(5)]
    form.token = right

    assert statuses == [404, 404, 404, 429, 429]
    assert form.send(phone=make_phone()).status_code == 200


def test_replaced_token_works_a_while_or_not_at_all(form, cast):
    new = replace(form, end_now=False)
    assert form.send(phone=make_phone()).status_code == 200
    assert new.send(phone=make_phone()).status_code == 200

    IntakeAddress.objects.filter(pk=new.address.pk).update(
        old_token_until=timezone.now() - timedelta(seconds=1)
    )
    assert form.send(phone=make_phone()).status_code == 404

    newest = replace(new, end_now=True)
    assert new.send(phone=make_phone()).status_code == 404
    assert newest.send(phone=make_phone()).status_code == 200


def test_revoked_address_takes_nothing_in_and_the_log_says_what_goes_on_posting(form, cast):
    administration.revoke(address=form.address, by=make_user(cast.workspace))

    statuses = {form.send(phone=make_phone()).status_code for _ in range(3)}

    assert statuses == {404}
    assert not cast.workspace.leads.exists()
    rows = cast.workspace.log.filter(code="api.intake")
    assert sum(row.times for row in rows) == 3
    assert "Website form" in rows[0].error


def test_deleted_workspace_answers_like_no_address(form, cast):
    cast.workspace.delete()

    assert form.send(phone=make_phone()).status_code == 404


def test_address_has_windows_of_its_own(start_web, cast):
    web = start_web(INTAKE_RATE_LIMITS="3/d")
    forms = [make_form(web.base_url, cast.workspace) for _ in range(2)]

    statuses = [forms[0].send(phone=make_phone()).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert forms[1].send(phone=make_phone()).status_code == 200
    refused = forms[0].post(data=b"{")  # judged before the body
    assert_error(refused, 429, "Hourly rate limit exceeded.")
    assert int(refused.headers["Retry-After"]) >= 1
    assert cast.workspace.log.filter(code="api.intake", status_code=429).count() == 1


def test_token_is_sealed_anew_with_another_key(form, settings, cast):
    settings.ENCRYPTION_KEYS = ["A" * 43 + "=", *settings.ENCRYPTION_KEYS]

    resealed, unreadable = tokens.reseal_all()

    assert resealed >= 1 and unreadable == []
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert tokens.show(form.reload()) == form.token
    IntakeAddress.objects.all().delete()  # nobody else knows this key


def test_rotation_seals_them_too(form):
    printed = manage("rotate_encryption_key").stdout

    assert "0 addresses of forms, too." in printed


def test_changes_are_logged_with_who_made_them(form, cast):
    by = make_user(cast.workspace)
    administration.replace_token(address=form.address, by=by, end_now=True)
    administration.map_fields(
        address=form.address,
        name="Contact page",
        fields=administration.Fields(**BY_NAME),
        consent=administration.Consent(rule="field", field="ok"),
        by=by,
    )
    administration.revoke(address=form.address, by=by)

    rows = cast.workspace.log.filter(code__startswith="intake_address.").order_by("id")
    assert [row.code.partition(".")[2] for row in rows] == [
        *("make", "map", "replace", "map", "revoke")
    ]
    assert {row.request["by"] for row in rows[2:]} == {by.email}
    assert form.token not in json.dumps([row.request for row in rows])
