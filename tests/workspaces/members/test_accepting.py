"""Accepting an invitation: by whom, once, and why not."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.dashboard import text_of
from tests.factories import make_invitation, make_user
from workspaces.members import invitations
from workspaces.models import Membership, Role, User

PASSWORD = "a new long secret"
NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def sent(cast):
    """Return a function that makes an invitation, and returns it with the path of its link."""

    def send(**fields):
        token = secrets.token_urlsafe(32)
        digest = invitations.digest_of(token)
        row = make_invitation(cast.workspace, token_digest=digest, **fields)
        return row, f"/invitation/open/{token}"

    return send


def opened(visitor, link):
    """Open a link as somebody. Return the visitor."""
    assert visitor.get(link).headers["Location"] == "/invitation"
    return visitor


def roles_of(email) -> list[str]:
    return list(Membership.objects.filter(user__email=email).values_list("role", flat=True))


def test_new_person_makes_an_account_and_is_in(cast, sent, visit):
    row, link = sent(role=Role.ADMIN)
    visitor = opened(visit(), link)

    answer = visitor.post("/invitation/account", **NEW)

    page = visitor.get(answer.headers["Location"])
    assert roles_of(row.email) == [Role.ADMIN]
    assert f"You are in Test Studio now, with the role admin. You sign in as {row.email}." in (
        text_of(page)
    )
    signed_in = visit().post("/sign-in", username=row.email, password=PASSWORD)
    assert signed_in.status_code == 302


def test_person_with_an_account_signs_in_and_accepts(cast, sent, visit):
    user = make_user(password=PASSWORD)
    row, link = sent(email=user.email)
    visitor = opened(visit(), link)

    back = visitor.post("/sign-in", username=user.email, password=PASSWORD, next="/invitation")
    visitor.keep_token()
    answer = visitor.post(back.headers["Location"])

    assert answer.headers["Location"] == f"/admin/{cast.workspace.slug}/"
    assert roles_of(user.email) == [Role.AGENT]
    [entry] = cast.workspace.log.filter(code="member.accept_invitation")
    assert entry.request == {"by": user.email, "member": user.email, "role": "member"}


def test_looking_accepts_nothing_and_the_page_is_free_of_the_token(cast, sent, visit):
    row, link = sent()

    for visitor in (visit(), visit(make_user())):
        visitor.ask("HEAD", link)
        page = opened(visitor, link).get("/invitation")
        assert link.rpartition("/")[2] not in page.text
        assert f"{row.inviter.user} invites you to the workspace Test Studio" in text_of(page)

    row.refresh_from_db()
    assert row.accepted_at is None
    assert roles_of(row.email) == []


def test_page_is_the_same_whether_or_not_the_address_has_an_account(sent, visit):
    inviter = make_user()

    def page(email):
        row, link = sent(email=email)
        text = text_of(opened(visit(), link).get("/invitation"))
        return text.replace(str(row.inviter.user), str(inviter)).replace(f"{email[0]}…@", "x…@")

    assert page(make_user(password="x").email) == page(f"{secrets.token_hex(6)}@example.com")


def test_who_is_signed_in_as_another_is_told_and_does_not_get_in(cast, sent, visit):
    row, link = sent(email=f"jane-{secrets.token_hex(4)}@acme.example")
    other = make_user()
    visitor = opened(visit(other), link)

    page = visitor.get("/invitation")
    visitor.post("/invitation")
    visitor.post("/invitation/account", **NEW)

    told = f"The invitation is for j…@acme.example, and you are signed in as {other.email}."
    assert told in text_of(page)
    assert row.email not in page.text
    assert not User.objects.filter(email=row.email).exists()
    assert not other.memberships.exists()
    row.refresh_from_db()
    assert row.accepted_at is None


def test_link_sets_no_password_of_an_account_that_exists(sent, visit):
    user = make_user()  # has never set one
    row, link = sent(email=user.email)
    visitor = opened(visit(), link)

    told = visitor.post("/invitation/account", **NEW)

    assert "That address has an account already. Sign in with it to accept." in text_of(told)
    assert visit().post("/sign-in", username=user.email, password=PASSWORD).status_code == 200
    assert roles_of(user.email) == []


def test_weak_password_is_refused_and_the_invitation_stays(sent, visit):
    row, link = sent()
    visitor = opened(visit(), link)

    told = visitor.post("/invitation/account", new_password1="short", new_password2="short")

    assert "This password is too short." in text_of(told)
    assert not User.objects.filter(email=row.email).exists()
    assert "invites you to the workspace" in text_of(visitor.get("/invitation"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "It is older than seven days."),
        ({"revoked_at": timezone.now()}, "It was taken back."),
        ({"accepted_at": timezone.now()}, "It was accepted before."),
    ],
)
def test_invitation_whose_time_is_over_makes_nobody_a_member(sent, visit, change, sentence):
    user = make_user()
    row, link = sent(email=user.email, **change)
    visitor = opened(visit(user), link)

    page, answer = visitor.get("/invitation"), visitor.post("/invitation")

    assert sentence in text_of(page)
    assert sentence in text_of(answer)
    assert roles_of(user.email) == []


@pytest.mark.parametrize("what", ["removed", "demoted", "deactivated"])
def test_invitation_of_who_may_not_invite_any_more_is_void(cast, sent, visit, what):
    user = make_user()
    row, link = sent(email=user.email)
    visitor, inviter = opened(visit(user), link), row.inviter
    match what:
        case "removed":
            inviter.delete()
        case "demoted":
            Membership.objects.filter(pk=inviter.pk).update(role=Role.AGENT)
        case "deactivated":
            User.objects.filter(pk=inviter.user_id).update(is_active=False)

    answer = visitor.post("/invitation")

    settings = visit(make_user(cast.workspace)).get(
        f"/admin/{cast.workspace.slug}/settings/members"
    )
    assert "Whoever sent it may not invite people to that workspace any more." in text_of(answer)
    assert "Void Who sent it may not invite any more." in text_of(settings)
    assert roles_of(user.email) == []


def test_owner_s_invitation_of_an_owner_ends_with_the_owner_s_own_rank(sent, visit):
    user = make_user()
    row, link = sent(email=user.email, role=Role.OWNER)
    Membership.objects.filter(pk=row.inviter_id).update(role=Role.ADMIN)

    opened(visit(user), link).post("/invitation")

    assert roles_of(user.email) == []


def test_link_before_the_newest_does_not_work(cast, sent, visit):
    user = make_user()
    row, link = sent(email=user.email)
    visitor = opened(visit(user), link)
    owner = visit(make_user(cast.workspace))
    owner.post(f"/admin/{cast.workspace.slug}/settings/members/invitations/{row.pk}/resend")

    told = [visitor.get(link), visitor.get("/invitation"), visitor.post("/invitation")]

    assert {answer.status_code for answer in told} == {404}
    assert "Open the link of the newest mail." in text_of(told[0])
    assert roles_of(user.email) == []


def test_accepted_link_accepts_nothing_again(cast, sent, visit):
    user = make_user()
    row, link = sent(email=user.email)
    visitor = opened(visit(user), link)
    visitor.post("/invitation")
    Membership.objects.filter(user=user).delete()

    again = opened(visitor, link).post("/invitation")

    assert "It was accepted before." in text_of(again)
    assert roles_of(user.email) == []


def test_member_who_accepts_keeps_the_role(cast, sent, visit):
    user = make_user(cast.workspace, Role.ADMIN)
    row, link = sent(email=user.email)

    opened(visit(user), link).post("/invitation")

    assert roles_of(user.email) == [Role.ADMIN]


@pytest.mark.parametrize("is_new", [True, False])
def test_of_acceptances_at_once_one_makes_a_membership(cast, sent, visit, is_new):
    user = None if is_new else make_user()
    row, link = sent(**({} if is_new else {"email": user.email}))
    visitors = [opened(visit(user), link) for _ in range(4)]

    def accept(visitor):
        if is_new:
            return visitor.post("/invitation/account", **NEW).status_code
        return visitor.post("/invitation").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(accept, visitors))

    assert answers.count(302) == 1
    assert set(answers) <= {200, 302, 404, 503}
    assert roles_of(row.email) == [Role.AGENT]
    assert cast.workspace.log.filter(code="member.accept_invitation").count() == 1
