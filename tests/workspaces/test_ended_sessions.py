"""Somebody who was signed in asks for something and is not any more: what they are told."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session

from tests.dashboard import text_of
from tests.factories import make_lead, make_user

PASSWORD = "correct horse battery"


@pytest.fixture
def owner(cast):
    return make_user(cast.workspace, password=PASSWORD)


@pytest.fixture
def tab(visit, owner):
    """A tab whose session is gone, as the browser does not know yet."""
    visitor = visit(owner)
    Session.objects.filter(pk=visitor.session.cookies["sessionid"]).delete()
    return visitor


def after_sign_in(visitor, page, owner) -> str:
    """Sign in through the link on a page. Return the address that it leads to."""
    link = unescape(re.search(r'href="(/sign-in\?next=[^"]+)"', page.text)[1])
    wanted = parse_qs(urlsplit(link).query)["next"][0]
    answer = visitor.post("/sign-in", username=owner.email, password=PASSWORD, next=wanted)
    return answer.headers["Location"]


def test_page_of_a_session_that_is_gone_says_so_and_comes_back_with_its_query(cast, tab, owner):
    wanted = f"/admin/{cast.workspace.slug}/leads?text=jane+doe&status=new"

    page = tab.get(wanted)

    assert page.status_code == 401
    assert "Your session ended Sign in again to go on." in text_of(page)
    assert after_sign_in(tab, page, owner) == wanted
    assert tab.get(wanted).status_code == 200


def test_page_that_a_stranger_asks_for_says_nothing_of_a_session(cast, visit):
    page = visit().get(f"/admin/{cast.workspace.slug}/logs?kind=tool_call")

    assert page.status_code == 404
    assert "Your session ended" not in page.text
    assert "next=%2Fadmin%2F" in page.text and "logs%3Fkind%3Dtool_call" in page.text


def test_form_of_an_ended_session_changes_nothing_and_leads_back_to_its_page(cast, visit, owner):
    tab, base = visit(owner), f"/admin/{cast.workspace.slug}"
    tab.session.cookies.clear()  # signed out in another tab
    tab.session.cookies.set("csrftoken", "t" * 32)

    page = tab.post(f"{base}/settings/limits", daily_call_limit="7")

    assert page.status_code == 401
    assert "what you typed was not saved" in text_of(page)
    assert after_sign_in(tab, page, owner) == f"{base}/settings/limits"


def test_button_on_the_page_of_a_lead_leads_back_to_that_lead(cast, tab, owner):
    page_of_lead = f"/admin/{cast.workspace.slug}/leads/{make_lead(cast.workspace).pk}"

    page = tab.post(f"{page_of_lead}/take-over")

    assert after_sign_in(tab, page, owner) == page_of_lead


def test_question_is_asked_again_after_signing_in(cast, tab, owner):
    lead = make_lead(cast.workspace)
    question = f"/admin/{cast.workspace.slug}/leads/delete?lead={lead.pk}"

    page = tab.post(question, lead=str(lead.pk))

    assert after_sign_in(tab, page, owner) == question
    assert lead.name in text_of(tab.get(question))


def test_watched_log_is_told_that_the_session_ended(cast, tab, owner):
    page = tab.get(f"/admin/{cast.workspace.slug}/logs/new?newer=0-0")

    assert page.status_code == 401
    assert after_sign_in(tab, page, owner) == f"/admin/{cast.workspace.slug}/logs"


def test_form_from_before_another_sign_in_leads_to_its_page(cast, visit, owner):
    visitor, base = visit(owner), f"/admin/{cast.workspace.slug}"
    token = {"csrfmiddlewaretoken": "o" * 32}

    page = visitor.post(f"{base}/settings/pause", **token)

    assert page.status_code == 403
    assert "what you typed was not saved" in text_of(page)
    assert f'href="{base}/settings"' in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "GET"])
def test_other_method_is_answered_by_a_page(visit, method):
    answer = visit().ask(method, "/sign-out")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "This address opens no page" in text_of(answer)
