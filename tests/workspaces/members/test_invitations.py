"""Invitations as members send them: to whom, again, revoked, and what the mail says."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.dashboard import Visitor, text_of
from tests.factories import make_invitation, make_user, make_workspace
from tests.windows import STRICT
from workspaces.members import invitations, roles
from workspaces.models import Invitation, Membership, Role, User, Workspace

# A mail server that nobody asks: the worker would, and none runs here.
WITH_MAIL = {"EMAIL_URL": "smtp://127.0.0.1:9"}


@pytest.fixture
def members(cast):
    """Return the path of the members' buttons."""
    return f"/admin/{cast.workspace.slug}/settings/members"


def invite(visitor, members, email, role=Role.AGENT):
    return visitor.post(f"{members}/invite", **{"member-email": email, "member-role": role})


def new_email() -> str:
    return f"{secrets.token_hex(6)}@example.com"


def test_invited_person_is_no_member_and_listed_with_who_sent_it(cast, members, visit):
    owner, email = make_user(cast.workspace), new_email()

    invite(visit(owner), members, email.upper())

    listed = text_of(visit(owner).get(f"/admin/{cast.workspace.slug}/settings/members"))
    assert f"{email} Member, sent by {owner.email} Pending Ends" in listed
    assert cast.workspace.memberships.count() == 1
    assert not User.objects.filter(email=email).exists()


def test_link_is_shown_once_where_no_mail_is_set_up_and_kept_as_a_digest(cast, members, visit):
    answer = invite(visit(make_user(cast.workspace)), members, new_email())

    [row] = cast.workspace.invitations.all()
    token = text_of(answer).split("http://127.0.0.1/invitation/open/")[1].split()[0]
    assert "no-store" in answer.headers["Cache-Control"]
    assert row.token_digest == invitations.digest_of(token)
    assert timedelta(days=6.9) < row.expires_at - timezone.now() < timedelta(days=7)


def test_link_is_in_the_mail_alone_where_mail_is_set_up(cast, members, start_web, mailbox):
    web, email, owner = start_web(**WITH_MAIL), new_email(), make_user(cast.workspace)
    visitor = Visitor(web.base_url, owner)

    answer = invite(visitor, members, email)

    [mail] = mailbox(email)
    told = text_of(visitor.get(f"/admin/{cast.workspace.slug}/settings/members"))
    assert answer.status_code == 302
    assert f"{email} is invited, and gets a mail with a link to accept." in told
    assert f"{owner.email} invites you to the workspace Test Studio on Coachbot." in mail.body
    assert "Your role there would be member." in mail.body
    assert "http://127.0.0.1/invitation/open/" in mail.body


def test_member_and_invited_person_are_not_invited_again(cast, members, visit):
    owner, member, email = visit(make_user(cast.workspace)), make_user(cast.workspace), new_email()
    invite(owner, members, email)

    answers = [invite(owner, members, address) for address in (member.email, email.upper())]

    assert "is a member already." in text_of(answers[0])
    assert f"{email} is invited already." in text_of(answers[1])
    assert cast.workspace.invitations.count() == 1


def test_known_and_unknown_address_get_the_same_answer(cast, members, start_web):
    visitor = Visitor(start_web(**WITH_MAIL).base_url, make_user(cast.workspace))

    def told(email):
        invite(visitor, members, email)
        page = text_of(visitor.get(f"/admin/{cast.workspace.slug}/settings/members"))
        cast.workspace.invitations.all().delete()
        return page.replace(email, "x")

    assert told(make_user(password="x").email) == told(new_email())


def test_sending_again_makes_a_new_link_in_the_name_of_who_does(cast, members, visit):
    row = make_invitation(cast.workspace, expires_at=timezone.now() - timedelta(days=1))
    other = make_user(cast.workspace, Role.ADMIN)
    before = text_of(visit(other).get(f"/admin/{cast.workspace.slug}/settings/members"))

    answer = visit(other).post(f"{members}/invitations/{row.pk}/resend")

    again = Invitation.objects.get(pk=row.pk)
    assert f"Member, sent by {row.inviter.user} Expired Ended" in before
    assert "/invitation/open/" in text_of(answer)
    assert again.token_digest != row.token_digest
    assert again.inviter == other.memberships.get()
    assert again.expires_at > timezone.now() + timedelta(days=6)


def test_revoked_one_is_gone_and_the_address_can_be_invited_anew(cast, members, visit):
    owner, row = visit(make_user(cast.workspace)), make_invitation(cast.workspace)

    owner.post(f"{members}/invitations/{row.pk}/revoke")
    told = text_of(owner.get(f"/admin/{cast.workspace.slug}/settings/members"))
    again = owner.post(f"{members}/invitations/{row.pk}/resend")
    invite(owner, members, row.email)

    assert f"The invitation of {row.email} is revoked." in told
    assert f"{row.email} Member" not in told
    assert again.status_code == 302
    assert cast.workspace.invitations.filter(email=row.email).count() == 2


def test_admin_invites_and_revokes_no_owner(cast, members, visit):
    admin = visit(make_user(cast.workspace, Role.ADMIN))
    row = make_invitation(cast.workspace, role=Role.OWNER)

    made = invite(admin, members, new_email(), Role.OWNER)
    admin.post(f"{members}/invitations/{row.pk}/revoke")
    admin.post(f"{members}/invitations/{row.pk}/resend")

    assert "Only an owner can make, change or remove an owner." in text_of(made)
    row.refresh_from_db()
    assert row.revoked_at is None and row.inviter.is_owner
    assert f"{members}/invitations/" not in admin.get(members.removesuffix("/members")).text


def test_member_who_is_no_admin_any_more_invites_nobody(cast):
    by = make_user(cast.workspace).memberships.get()
    Membership.objects.filter(pk=by.pk).update(role=Role.AGENT)

    with pytest.raises(roles.CannotChange):
        invitations.invite(workspace=cast.workspace, email="x@example.com", role=Role.AGENT, by=by)

    assert not cast.workspace.invitations.exists()


def test_invitations_are_limited_by_who_gets_them_and_by_workspace(cast, start_web, mailbox):
    web = start_web(**STRICT)
    stranger = make_user()
    workspaces = [cast.workspace, *(make_workspace() for _ in range(3))]

    def send(workspace, email):
        path = f"/admin/{workspace.slug}/settings/members"
        return text_of(invite(Visitor(web.base_url, make_user(workspace)), path, email))

    to_one = [send(workspace, stranger.email) for workspace in workspaces]
    of_one = [send(cast.workspace, new_email()) for _ in range(6)]

    refused = "Too many people were invited. Try again in"
    assert [refused in told for told in to_one] == [False] * 3 + [True]
    assert [refused in told for told in of_one] == [False] * 5 + [True]
    assert len(mailbox(stranger.email)) == 3


def test_sending_again_counts_as_an_invitation(cast, start_web):
    visitor = Visitor(start_web(**STRICT).base_url, make_user(cast.workspace))
    row = make_invitation(cast.workspace)
    path = f"/admin/{cast.workspace.slug}/settings/members/invitations/{row.pk}/resend"

    answers = [visitor.post(path).status_code for _ in range(4)]

    assert answers == [201, 201, 201, 302]


def test_two_spellings_of_an_address_are_one_person(cast, members, visit):
    owner, name = visit(make_user(cast.workspace)), secrets.token_hex(4)
    invite(owner, members, f"sam-{name}@example.com")

    again = invite(owner, members, f"\u202a\u017fAM-{name}\u200b@example.com\u202c")

    assert "is invited already." in text_of(again)
    assert Invitation.objects.filter(email__contains=name).count() == 1


@pytest.mark.parametrize(
    "email",
    [
        ".".join(["\ufb03" * 21] * 11).join(["jane@", ".com"]),
        "jane\u200b",
        f"jane@{'a' * 64}.com",
        "jane@" + "\u00fc" * 60 + ".com",
        "j@\u3164.com",
    ],
)
def test_what_is_no_address_is_not_invited(cast, members, visit, email):
    refused = invite(visit(make_user(cast.workspace)), members, email)

    assert "Enter a valid email address." in text_of(refused)
    assert not cast.workspace.invitations.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Acme & Söhne, Inc.", "Acme & Söhne, Inc."),
        ("Acme\r\n\r\nYou have won", "Acme You have won"),
        ("Acme\u2028You have won", "Acme You have won"),
        ("Win at https://evil.example/x", None),
        ("Visit evil.example today", None),
        ("Visit evil\u3002example today", None),
        ("Acme\r\nBcc: joe@acme.com", None),
        ("Win " + "a lot " * 10, None),
    ],
)
def test_name_of_a_workspace_carries_no_advertisement_to_a_stranger(
    cast, members, visit, mailbox, name, shown
):
    Workspace.objects.filter(pk=cast.workspace.pk).update(name=name)
    email = new_email()

    invite(visit(make_user(cast.workspace)), members, email)

    [mail] = mailbox(email)
    assert mail.subject == "You are invited to a workspace on Coachbot"
    assert f"to the workspace {shown or cast.workspace.slug} on Coachbot" in mail.body
    assert shown or name not in mail.body


def test_each_deed_is_in_the_log(cast, members, visit):
    owner = make_user(cast.workspace)
    invite(visit(owner), members, new_email())
    [row] = cast.workspace.invitations.all()
    visit(owner).post(f"{members}/invitations/{row.pk}/resend")
    visit(owner).post(f"{members}/invitations/{row.pk}/revoke")

    entries = list(cast.workspace.log.filter(code__startswith="member.").order_by("id"))

    codes = [entry.code for entry in entries]
    assert codes == ["member.invite", "member.resend_invitation", "member.revoke_invitation"]
    assert {entry.request["by"] for entry in entries} == {owner.email}
    assert {entry.request["role"] for entry in entries} == {"member"}


def test_rows_of_old_invitations_are_deleted(cast):
    old = make_invitation(cast.workspace, expires_at=timezone.now() - timedelta(days=91))
    newer = make_invitation(cast.workspace, expires_at=timezone.now() - timedelta(days=89))

    invitations.forget_old()

    assert not Invitation.objects.filter(pk=old.pk).exists()
    assert Invitation.objects.filter(pk=newer.pk).exists()
