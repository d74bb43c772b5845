"""Signing in, passwords, and their limits."""

import re

from tests.client import Api
from tests.dashboard import Visitor, text_of
from tests.factories import make_user
from tests.servers import wait_until
from tests.windows import make_limited_user

PASSWORD = "correct horse battery"


def sign_in(visitor, user, password=PASSWORD, **fields):
    return visitor.post("/sign-in", username=user.email, password=password, **fields)


def test_member_of_one_workspace_lands_in_it(cast, visit):
    visitor = visit()

    answer = sign_in(visitor, make_user(cast.workspace, password=PASSWORD))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert visitor.get("/").headers["Location"] == f"/admin/{cast.workspace.slug}/"


def test_page_that_was_asked_for_comes_after_signing_in(cast, visit):
    visitor = visit()
    logs = f"/admin/{cast.workspace.slug}/logs"
    assert f"/sign-in?next={logs.replace('/', '%2F')}" in visitor.get(logs).text

    answer = sign_in(visitor, make_user(cast.workspace, password=PASSWORD), next=logs)

    assert answer.headers["Location"] == logs
    assert visitor.get(logs).status_code == 200


def test_foreign_page_is_not_gone_to_after_signing_in(cast, visit):
    user = make_user(cast.workspace, password=PASSWORD)

    answer = sign_in(visit(), user, next="https://evil.example/")

    assert answer.headers["Location"] == "/"


def test_wrong_password_and_unknown_account_read_the_same(visit):
    user = make_user(password=PASSWORD)

    wrong = text_of(sign_in(visit(), user, "wrong"))
    unknown = text_of(visit().post("/sign-in", username="nobody@example.com", password="wrong"))

    assert "No account has this e-mail with this password." in wrong
    assert wrong == unknown


def test_address_is_matched_without_regard_to_case(visit):
    user = make_user(password=PASSWORD)

    answer = visit().post("/sign-in", username=user.email.upper(), password=PASSWORD)

    assert answer.status_code == 302


def test_signing_out_ends_the_session(cast, visit):
    visitor = visit(make_user(cast.workspace))
    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 200

    visitor.post("/sign-out")

    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 404


def test_eleventh_attempt_at_an_account_is_refused_even_with_the_right_password(visit):
    user = make_limited_user(password=PASSWORD)
    for _ in range(10):
        assert sign_in(visit(), user, "wrong").status_code == 200

    answer = sign_in(visit(), user)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 900
    assert "Too many attempts to sign in." in text_of(answer)


def test_attempts_are_limited_by_address_over_all_accounts(start_web):
    web = start_web(SIGN_IN_ADDRESS_RATE_LIMIT="3/d")
    users = [make_user(password=PASSWORD) for _ in range(4)]

    statuses = [sign_in(Visitor(web.base_url), user).status_code for user in users]

    assert statuses == [302, 302, 302, 429]


def test_forgotten_password_is_set_through_a_mailed_link(web, visit):
    user = make_user(password=PASSWORD)
    before = len(web.output())

    answer = visit().post("/password/forgotten", email=user.email)
    link = mailed_link(web, before)
    visitor = visit()
    form = visitor.get(link).headers["Location"]
    visitor.post(form, new_password1="a new long secret", new_password2="a new long secret")

    assert answer.headers["Location"] == "/password/sent"
    assert sign_in(visit(), user).status_code == 200
    assert sign_in(visit(), user, "a new long secret").status_code == 302
    assert "does not work any more" in text_of(visit().get(link))


def test_mail_for_an_unknown_address_is_answered_alike_and_not_sent(web, visit):
    before = len(web.output())

    answer = visit().post("/password/forgotten", email="nobody@example.com")

    assert answer.headers["Location"] == "/password/sent"
    assert "nobody@example.com" not in web.output()[before:]


def test_changed_password_signs_other_browsers_out(cast, visit):
    user = make_user(cast.workspace, password=PASSWORD)
    other, visitor = visit(user), visit(user)
    page = f"/admin/{cast.workspace.slug}/"

    visitor.post(
        "/password",
        old_password=PASSWORD,
        new_password1="a new long secret",
        new_password2="a new long secret",
    )

    assert (visitor.get(page).status_code, other.get(page).status_code) == (200, 404)


def test_api_key_is_no_way_into_the_dashboard(cast, web):
    answer = Api(web.base_url, cast.key).ask("GET", f"/admin/{cast.workspace.slug}/")

    assert answer.status_code == 404


def mailed_link(web, before: int) -> str:
    """Wait for a mail in the server's output. Return the path of the link in it."""
    pattern = re.compile(r"(/password/new/\S+)")
    wait_until(lambda: pattern.search(web.output()[before:]), "the mail")
    return pattern.search(web.output()[before:])[1]
