"""Members: who may add, change and remove whom."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.dashboard import Visitor, text_of
from tests.factories import make_lead, make_user, make_workspace
from tests.windows import STRICT
from tests.workspaces.test_sign_in import link_in
from workspaces.members import roles
from workspaces.models import Membership, Role, User, Workspace


@pytest.fixture
def members(cast):
    """Return the path of a member's button."""
    return f"/admin/{cast.workspace.slug}/settings/members"


def add(visitor, members, email, role):
    return visitor.post(f"{members}/add", **{"member-email": email, "member-role": role})


def role_of(user) -> str | None:
    return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def test_new_person_is_added_and_sets_a_password_through_the_mail(cast, members, visit, mailbox):
    email = f"new-{cast.workspace.slug}@example.com"

    add(visit(make_user(cast.workspace)), members, email, Role.AGENT)
    [mail] = mailbox(email)
    link = link_in(mail)
    visitor = visit()
    form = visitor.get(link).headers["Location"]
    visitor.post(form, new_password1="a new long secret", new_password2="a new long secret")
    visitor.post("/sign-in", username=email, password="a new long secret")

    assert role_of(User.objects.get(email=email)) == Role.AGENT
    assert visitor.get(f"/admin/{cast.workspace.slug}/leads").status_code == 200


def test_known_person_is_added_once(cast, members, visit):
    owner, person = visit(make_user(cast.workspace)), make_user()
    add(owner, members, person.email.upper(), Role.ADMIN)

    again = add(owner, members, person.email, Role.AGENT)

    assert "is a member already." in text_of(again)
    assert role_of(person) == Role.ADMIN


def test_admin_cannot_make_change_or_remove_an_owner(cast, members, visit):
    owner = make_user(cast.workspace)
    admin = visit(make_user(cast.workspace, Role.ADMIN))
    membership = owner.memberships.get()

    made = add(admin, members, make_user().email, Role.OWNER)
    admin.post(f"{members}/{membership.pk}/role", role=Role.AGENT)
    admin.post(f"{members}/{membership.pk}/remove")

    assert "Only an owner can make, change or remove an owner." in text_of(made)
    assert role_of(owner) == Role.OWNER


def test_leads_of_a_member_who_is_removed_become_nobodys(cast, members, visit):
    owner, leaving = visit(make_user(cast.workspace)), make_user(cast.workspace, Role.AGENT)
    place = leaving.memberships.get()
    lead = make_lead(cast.workspace, owner=place)
    make_lead(cast.workspace, owner=place)

    asked = text_of(owner.get(f"{members}/{place.pk}/remove"))
    owner.post(f"{members}/{place.pk}/remove")

    assert "2 leads of theirs become nobody's" in asked
    lead.refresh_from_db()
    assert lead.owner is None and role_of(leaving) is None


@pytest.mark.parametrize(("button", "fields"), [("role", {"role": "agent"}), ("remove", {})])
def test_last_owner_stays_owner(cast, members, visit, button, fields):
    owner = make_user(cast.workspace)
    visitor = visit(owner)

    visitor.post(f"{members}/{owner.memberships.get().pk}/{button}", **fields)

    settings = visitor.get(f"/admin/{cast.workspace.slug}/settings")
    assert "A workspace needs an owner." in text_of(settings)
    assert role_of(owner) == Role.OWNER


@pytest.mark.parametrize("deed", ["demote", "remove"])
def test_what_was_read_before_another_one_changed_it_leaves_no_workspace_without_owner(cast, deed):
    """The request of `first` read both members; meanwhile the second was made the only owner."""
    first = make_user(cast.workspace).memberships.get()
    second = make_user(cast.workspace, Role.ADMIN).memberships.get()
    stale = Membership.objects.get(pk=second.pk)
    Membership.objects.filter(pk=second.pk).update(role=Role.OWNER)
    Membership.objects.filter(pk=first.pk).update(role=Role.ADMIN)

    with pytest.raises(roles.CannotChange):
        if deed == "demote":
            roles.change_role(membership=stale, role=Role.AGENT, by=first)
        else:
            roles.remove_member(membership=stale, by=first)

    assert role_of(second.user) == Role.OWNER


def test_owners_who_remove_each_other_at_once_leave_one(cast, members, visit):
    for _ in range(5):
        Membership.objects.filter(workspace=cast.workspace).delete()
        owners = [make_user(cast.workspace) for _ in range(4)]
        keys = [owner.memberships.get().pk for owner in owners]
        visitors = [visit(owner) for owner in owners]

        def act(number, visitors=visitors, keys=keys):
            other = keys[(number + 1) % 4]
            if number % 2:
                visitors[number].post(f"{members}/{other}/remove")
            else:
                visitors[number].post(f"{members}/{other}/role", role=Role.AGENT)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(act, range(4)))

        assert cast.workspace.memberships.filter(role=Role.OWNER).exists()


def test_member_who_is_no_admin_any_more_adds_nobody(cast):
    by = make_user(cast.workspace).memberships.get()
    Membership.objects.filter(pk=by.pk).update(role=Role.AGENT)

    with pytest.raises(roles.CannotChange):
        roles.add_member(workspace=cast.workspace, email="x@example.com", role=Role.AGENT, by=by)

    assert cast.workspace.memberships.count() == 1


def test_invitations_are_limited_by_who_gets_them_and_by_workspace(cast, start_web, mailbox):
    web = start_web(**STRICT)
    stranger = make_user()
    workspaces = [cast.workspace, *(make_workspace() for _ in range(3))]

    def invite(workspace, email):
        path = f"/admin/{workspace.slug}/settings/members"
        return add(Visitor(web.base_url, make_user(workspace)), path, email, Role.AGENT)

    to_one = [invite(workspace, stranger.email).status_code for workspace in workspaces]
    of_one = [invite(cast.workspace, make_user().email).status_code for _ in range(6)]
    told = invite(cast.workspace, make_user().email)

    assert to_one == [302, 302, 302, 200]
    assert of_one == [302] * 5 + [200]
    assert "Too many people were invited. Try again in" in text_of(told)
    assert len(mailbox(stranger.email)) == 3


def test_two_spellings_of_an_address_are_one_person(cast, members, visit):
    owner, name = visit(make_user(cast.workspace)), secrets.token_hex(4)
    add(owner, members, f"sam-{name}@example.com", Role.AGENT)

    again = add(owner, members, f"\u017fAM-{name}@example.com", Role.AGENT)

    assert "is a member already." in text_of(again)
    assert User.objects.filter(email__contains=name).count() == 1


def test_owner_can_hand_ownership_over_and_leave(cast, members, visit):
    owner, heir = make_user(cast.workspace), make_user(cast.workspace, Role.AGENT)
    visitor = visit(owner)

    visitor.post(f"{members}/{heir.memberships.get().pk}/role", role=Role.OWNER)
    left = visitor.post(f"{members}/{owner.memberships.get().pk}/remove")

    assert left.headers["Location"] == "/"
    assert (role_of(owner), role_of(heir)) == (None, Role.OWNER)


def test_removed_member_finds_nothing_on_the_next_request(cast, members, visit):
    person = make_user(cast.workspace, Role.AGENT)
    visitor = visit(person)
    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 200

    visit(make_user(cast.workspace)).post(f"{members}/{person.memberships.get().pk}/remove")

    assert visitor.get(f"/admin/{cast.workspace.slug}/").status_code == 404


def test_role_that_does_not_exist_is_refused(cast, members, visit):
    person = make_user(cast.workspace, Role.AGENT)

    visit(make_user(cast.workspace)).post(
        f"{members}/{person.memberships.get().pk}/role", role="emperor"
    )

    assert role_of(person) == Role.AGENT


def test_invisible_characters_are_no_part_of_a_member_s_address(cast, members, visit):
    owner, email = visit(make_user(cast.workspace)), f"new-{cast.workspace.slug}@example.com"

    added = add(owner, members, f"\u202a{email}\u202c".replace("@", "\u200b@"), Role.AGENT)

    assert added.status_code == 302
    assert role_of(User.objects.get(email=email)) == Role.AGENT


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
def test_what_is_no_address_makes_no_member(cast, members, visit, email):
    refused = add(visit(make_user(cast.workspace)), members, email, Role.AGENT)

    assert refused.status_code == 200
    assert "Enter a valid email address." in text_of(refused)
    assert cast.workspace.memberships.count() == 1


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
    email = f"new-{cast.workspace.slug}@example.com"

    added = add(visit(make_user(cast.workspace)), members, email, Role.AGENT)

    [mail] = mailbox(email)
    assert added.status_code == 302
    assert mail.subject == "You were added to a workspace on Coachbot"
    assert f"to the workspace {shown or cast.workspace.slug} on Coachbot" in mail.body
    assert shown or name not in mail.body
    assert role_of(User.objects.get(email=email)) == Role.AGENT
