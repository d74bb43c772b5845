"""Members: who may add, change and remove whom."""

import pytest

from tests.dashboard import text_of
from tests.factories import make_user
from tests.workspaces.test_sign_in import mailed_link
from workspaces.models import Membership, Role, User, Workspace


@pytest.fixture
def members(cast):
    """Return the path of a member's button."""
    return f"/admin/{cast.workspace.slug}/settings/members"


def add(visitor, members, email, role):
    return visitor.post(f"{members}/add", **{"member-email": email, "member-role": role})


def role_of(user) -> str | None:
    return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def test_new_person_is_added_and_sets_a_password_through_the_mail(cast, members, visit, web):
    email = f"new-{cast.workspace.slug}@example.com"
    before = len(web.output())

    add(visit(make_user(cast.workspace)), members, email, Role.AGENT)
    link = mailed_link(web, before)
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


@pytest.mark.parametrize(("button", "fields"), [("role", {"role": "agent"}), ("remove", {})])
def test_last_owner_stays_owner(cast, members, visit, button, fields):
    owner = make_user(cast.workspace)
    visitor = visit(owner)

    visitor.post(f"{members}/{owner.memberships.get().pk}/{button}", **fields)

    settings = visitor.get(f"/admin/{cast.workspace.slug}/settings")
    assert "A workspace needs an owner." in text_of(settings)
    assert role_of(owner) == Role.OWNER


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
    ["jane\u200b", f"jane@{'a' * 64}.com", "jane@" + "\u00fc" * 60 + ".com", "j@\u3164.com"],
)
def test_what_is_no_address_makes_no_member(cast, members, visit, email):
    refused = add(visit(make_user(cast.workspace)), members, email, Role.AGENT)

    assert refused.status_code == 200
    assert "Enter a valid email address." in text_of(refused)
    assert cast.workspace.memberships.count() == 1


def test_member_is_added_and_told_whatever_the_workspace_is_called(cast, members, visit, web):
    Workspace.objects.filter(pk=cast.workspace.pk).update(name="Acme\r\nBcc: joe@acme.com")
    email, before = f"new-{cast.workspace.slug}@example.com", len(web.output())

    added = add(visit(make_user(cast.workspace)), members, email, Role.AGENT)

    assert added.status_code == 302
    assert "You were added to Acme Bcc: joe@acme.com" in web.output()[before:]
    assert role_of(User.objects.get(email=email)) == Role.AGENT
