"""A form that is sent more than once is done once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import RequestFactory

from coachbot.http.pages import sent_once
from coachbot.sent_forms import claims, tasks
from coachbot.sent_forms.models import SentForm
from tests.dashboard import text_of
from tests.factories import make_user

ALREADY = "That was already sent, so it was not done again."


@pytest.fixture
def owner(cast):
    return make_user(cast.workspace)


@pytest.fixture
def visitor(visit, owner):
    return visit(owner)


@pytest.fixture
def base(cast):
    return f"/admin/{cast.workspace.slug}"


def follow(visitor, answer) -> str:
    assert answer.status_code == 302
    return text_of(visitor.get(answer.headers["Location"]))


def test_key_is_made_once_and_the_repeat_says_what_to_do(cast, visitor, base):
    form = {"name": "Website form", **visitor.form_on(f"{base}/api-keys")}

    first = visitor.post(f"{base}/api-keys/create", **form)
    again = visitor.post(f"{base}/api-keys/create", **form)

    assert first.status_code == 201 and "ck_live_" in first.text
    assert again.headers["Location"] == f"{base}/api-keys"
    text = follow(visitor, again)
    assert "“Website form” was already created, and its key is shown only once." in text
    assert cast.workspace.api_keys.filter(name="Website form").count() == 1


def test_of_many_at_once_one_is_done(cast, visit, owner, base):
    form = {"name": "Crowd", **visit(owner).form_on(f"{base}/api-keys")}
    visitors = [visit(owner) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda each: each.post(f"{base}/api-keys/create", **form), visitors)
        statuses = sorted(answer.status_code for answer in answers)

    assert statuses == [201] + [302] * 7
    assert cast.workspace.api_keys.filter(name="Crowd").count() == 1


def test_form_that_came_back_can_be_sent_again_as_it_is_and_mended(cast, visitor, base):
    form = visitor.form_on(f"{base}/api-keys")

    for _ in range(2):
        wrong = visitor.post(f"{base}/api-keys/create", name=" ", **form)
        assert "This field is required." in text_of(wrong)
    right = visitor.post(f"{base}/api-keys/create", name="Mended", **form)

    assert right.status_code == 201


def test_page_gives_every_rendering_a_token_of_its_own(cast, visitor, base):
    for _ in range(2):
        form = visitor.form_on(f"{base}/settings")
        visitor.post(f"{base}/settings/pause", **form)
        answer = visitor.post(f"{base}/settings/resume", **form)
        assert ALREADY not in follow(visitor, answer)


def test_repeat_leads_to_where_the_first_was_led_though_the_address_is_gone(cast, visitor, base):
    new = f"{cast.workspace.slug}-new"
    form = {"name": "Studio", "slug": new, **visitor.form_on(f"{base}/settings")}
    first = visitor.post(f"{base}/settings/general", **form)

    again = visitor.post(f"{base}/settings/general", **form)

    assert again.headers["Location"] == first.headers["Location"] == f"/admin/{new}/settings"
    assert ALREADY in follow(visitor, again)


def test_form_that_is_being_worked_on_is_not_begun_anew(cast, visitor, owner, base):
    path, form = f"{base}/settings/pause", visitor.form_on(f"{base}/settings")
    digest = claims.digest(sender=owner.pk, path=path, fields=urlencode(form))
    claims.claim(digest)

    assert "is being done. Reload the page in a moment" in follow(
        visitor, visitor.post(path, **form)
    )
    SentForm.objects.filter(pk=digest).update(lease_until=Now() - timedelta(seconds=1))
    assert "The agent is paused." in follow(visitor, visitor.post(path, **form))


def test_token_of_one_person_says_nothing_of_another(cast, visit, visitor, base):
    path, form = f"{base}/settings/pause", visitor.form_on(f"{base}/settings")
    visitor.post(path, **form)

    other = visit(make_user(cast.workspace))

    assert ALREADY not in follow(other, other.post(path, **form))


@pytest.mark.parametrize("outcome", [RuntimeError("a fault"), HttpResponse(status=503)])
def test_what_failed_may_be_sent_again(owner, outcome):
    request = RequestFactory().post("/", {sent_once.TOKEN: owner.email})
    request.user = owner

    def view(request):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    for _ in range(2):
        try:
            assert sent_once.answered_once(request, view) is outcome
        except RuntimeError as error:
            assert error is outcome


def test_old_rows_are_forgotten_and_young_ones_are_not():
    for name, days in (("old", 31), ("young", 29)):
        claims.claim(name)
        SentForm.objects.filter(pk=name).update(created_at=Now() - timedelta(days=days))

    tasks.forget_old()

    assert [claims.find(name) is None for name in ("old", "young")] == [True, False]


def test_rows_hold_neither_token_nor_key(cast, visitor, base):
    form = {"name": "Website form", **visitor.form_on(f"{base}/api-keys")}

    page = visitor.post(f"{base}/api-keys/create", **form).text

    rows = str(list(SentForm.objects.values()))
    assert form["csrfmiddlewaretoken"] not in rows
    assert re.search("ck_live_[0-9a-f]{32}", page)[0] not in rows
