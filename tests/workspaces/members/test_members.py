"""Members: who may change and remove whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.dashboard import text_of
from tests.factories import make_lead, make_user
from workspaces.members import roles
from workspaces.models import Membership, Role


@pytest.fixture
def members(cast):
    """Return the path of a member's button."""
    return f"/admin/{cast.workspace.slug}/settings/members"


def role_of(user) -> str | None:
    return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def test_admin_cannot_change_or_remove_an_owner(cast, members, visit):
    owner = make_user(cast.workspace)
    admin = visit(make_user(cast.workspace, Role.ADMIN))
    membership = owner.memberships.get()

    admin.post(f"{members}/{membership.pk}/role", role=Role.AGENT)
    admin.post(f"{members}/{membership.pk}/remove")

    told = admin.get(f"/admin/{cast.workspace.slug}/settings/members")
    assert "Only an owner can make, change or remove an owner." in text_of(told)
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

    settings = visitor.get(f"/admin/{cast.workspace.slug}/settings/members")
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


@pytest.mark.parametrize("word", ["agent", "member"])
def test_lowest_role_is_called_member_and_taken_by_both_words(cast, members, visit, word):
    owner, person = visit(make_user(cast.workspace)), make_user(cast.workspace, Role.ADMIN)

    owner.post(f"{members}/{person.memberships.get().pk}/role", role=word)

    told = text_of(owner.get(f"/admin/{cast.workspace.slug}/settings/members"))
    assert role_of(person) == Role.AGENT
    assert f"The role of {person} is member now." in told
    assert "Agent </option>" not in told and " An agent " not in told
