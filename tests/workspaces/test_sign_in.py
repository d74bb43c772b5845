"""Signing in, passwords, and their limits."""

import re
import secrets

import pytest

from coachbot.mail.models import Mail, State
from tests.client import Api
from tests.dashboard import Visitor, text_of
from tests.factories import make_user
from tests.windows import STRICT, make_limited_user
from workspaces.models import User

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

    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 401


def test_eleventh_attempt_from_a_network_is_refused_even_with_the_right_password(visit):
    user = make_limited_user(password=PASSWORD)
    for _ in range(10):
        assert sign_in(visit(), user, "wrong").status_code == 200

    answer = sign_in(visit(), user)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 900
    assert "Too many attempts to sign in." in text_of(answer)


@pytest.fixture
def proxied(start_web):
    """Return a visitor from an address, at a server that believes the proxy in front."""
    web = start_web(**STRICT)

    def come_from(address, cookies=None):
        visitor = Visitor(web.base_url)
        visitor.session.headers["X-Forwarded-For"] = address
        visitor.session.cookies.update(cookies or {})
        return visitor

    return come_from


def test_stranger_who_guesses_locks_nobody_else_out(proxied):
    user = make_user(password=PASSWORD)
    guesses = [sign_in(proxied("203.0.113.1"), user, "wrong").status_code for _ in range(6)]

    owner = sign_in(proxied("203.0.113.2"), user)

    assert guesses == [200, 200, 200, 429, 429, 429]
    assert owner.status_code == 302


def test_known_browser_gets_in_while_an_account_is_guessed_at_from_everywhere(proxied):
    user, other = make_user(password=PASSWORD), make_user(password=PASSWORD)
    home = proxied("203.0.113.1")
    sign_in(home, user)
    known = {"known_browser": home.session.cookies["known_browser"]}
    networks = [f"198.51.100.{number}" for number in range(8)]
    guesses = [sign_in(proxied(network), user, "wrong").status_code for network in networks]

    def ask(address, who=user, password=PASSWORD, cookies=known):
        return sign_in(proxied(address, cookies), who, password).status_code

    assert guesses[-1] == 429
    assert ask("198.51.100.99", cookies={}) == 429  # too many from all networks together
    assert ask("198.51.100.99", cookies={"known_browser": known["known_browser"] + "x"}) == 429
    assert ask("198.51.100.99") == 302
    # It has no more than attempts of its own, and knows no other account.
    assert [ask("198.51.100.98", password="wrong") for _ in range(3)] == [200, 200, 429]
    assert [ask("198.51.100.97", other, "wrong") for _ in range(4)] == [200, 200, 200, 429]


def test_browser_knows_several_accounts(proxied):
    users = [make_user(password=PASSWORD) for _ in range(3)]
    known = {}
    for user in users:
        home = proxied("203.0.113.9", known)
        sign_in(home, user)
        [cookie] = [c.value for c in home.session.cookies if c.name == "known_browser" and c.domain]
        known = {"known_browser": cookie}
    for user in users:
        for _ in range(4):
            sign_in(proxied("203.0.113.9"), user, "wrong")

    assert [sign_in(proxied("203.0.113.9", known), user).status_code for user in users] == [302] * 3


def test_new_password_by_mail_is_a_way_in_for_an_account_that_is_guessed_at(proxied, mailbox):
    user, visitor = make_user(password=PASSWORD), proxied("203.0.113.3")
    for network in range(10):
        sign_in(proxied(f"198.51.101.{network}"), user, "wrong")
    assert sign_in(visitor, user).status_code == 429

    visitor.post("/password/forgotten", email=user.email)
    form = visitor.get(link_in(mailbox(user.email)[0])).headers["Location"]
    visitor.post(form, new_password1="a new long secret", new_password2="a new long secret")

    assert sign_in(visitor, user, "a new long secret").status_code == 302


@pytest.mark.parametrize("twin", ["\u017f", "\u0131", "\u0130", "\uff53", "\u212a"])
def test_look_alike_letters_have_no_budget_of_their_own(proxied, twin):
    """Long s, dotless i, I with a dot, full-width s, the sign of Kelvin."""
    name = secrets.token_hex(4)
    user = User.objects.create_user(f"siks{name}@example.com", PASSWORD)
    likes = {"\u017f": "s", "\u0131": "i", "\u0130": "i", "\uff53": "s", "\u212a": "k"}
    spelling = user.email.replace(likes[twin], twin)

    def ask(email, password):
        visitor = proxied(f"203.0.114.{ord(twin) % 250}")
        return visitor.post("/sign-in", username=email, password=password).status_code

    is_the_account = User.objects.of_address(spelling).exists()
    got_in = ask(spelling, PASSWORD) == 302
    for _ in range(3):
        ask(spelling, "wrong")
    statuses = {ask(user.email, PASSWORD), ask(spelling, PASSWORD)}

    # Either it is the same account with one budget, or it is another one, which nobody has.
    assert got_in == is_the_account
    assert statuses == ({429} if is_the_account else {302, 429})


def test_mails_for_new_passwords_are_limited(proxied, mailbox):
    users = [make_user() for _ in range(3)]

    def ask(user):
        return proxied("203.0.113.50").post("/password/forgotten", email=user.email)

    statuses = [ask(user).status_code for user in (users[0],) * 3 + (users[1],) + (users[2],)]

    assert statuses == [302, 302, 429, 302, 429]
    assert "Too many mails were asked for." in text_of(ask(users[2]))
    assert [len(mailbox(user.email)) for user in users] == [2, 1, 0]


def test_attempts_are_limited_by_address_over_all_accounts(start_web):
    web = start_web(SIGN_IN_ADDRESS_RATE_LIMIT="3/d")
    users = [make_user(password=PASSWORD) for _ in range(4)]

    statuses = [sign_in(Visitor(web.base_url), user).status_code for user in users]

    assert statuses == [302, 302, 302, 429]


def test_forgotten_password_is_set_through_a_mailed_link(visit, mailbox):
    user = make_user(password=PASSWORD)

    answer = visit().post("/password/forgotten", email=user.email)
    [mail] = mailbox(user.email)
    link = link_in(mail)
    visitor = visit()
    form = visitor.get(link).headers["Location"]
    visitor.post(form, new_password1="a new long secret", new_password2="a new long secret")

    assert answer.headers["Location"] == "/password/sent"
    assert sign_in(visit(), user).status_code == 200
    assert sign_in(visit(), user, "a new long secret").status_code == 302
    assert "does not work any more" in text_of(visit().get(link))


def test_mail_for_an_unknown_address_is_answered_alike_and_not_sent(visit, mailbox):
    email = f"{secrets.token_hex(6)}@example.com"

    answer = visit().post("/password/forgotten", email=email)

    assert answer.headers["Location"] == "/password/sent"
    assert mailbox(email) == mailbox("nobody@example.com") == []
    assert not Mail.objects.filter(state=State.WAITING).exists()


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

    assert (visitor.get(page).status_code, other.get(page).status_code) == (200, 401)


def test_api_key_is_no_way_into_the_dashboard(cast, web):
    answer = Api(web.base_url, cast.key).ask("GET", f"/admin/{cast.workspace.slug}/")

    assert answer.status_code == 404


def link_in(mail) -> str:
    """Return the path of the link to a new password."""
    return re.search(r"(/password/new/\S+)", mail.body)[1]
